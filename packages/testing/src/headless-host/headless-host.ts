import { HeadlessProvider, type Registration } from "./oauth-provider.js";
import { type Negotiation, type Session, sdkV1, sdkV2, type ToolResult } from "./sdk.js";
import { type HostStep, recordingFetch, stagesOf } from "./steps.js";

export interface HeadlessHostOptions {
  /** The MCP endpoint. */
  readonly url: string | URL;
  /** Which MCP SDK plays the client: `@modelcontextprotocol/sdk` (1) or `@modelcontextprotocol/client` (2). */
  readonly version: 1 | 2;
  /** SDK v2 only: `auto` speaks 2026-07-28 where the server does, `legacy` does not. Default: `auto`. */
  readonly negotiation?: Negotiation;
  /** Default: `dynamic`. */
  readonly registration?: Registration;
  /**
   * Whether refresh tokens are asked for and kept. Default: true for SDK v2; false for SDK v1, which would
   * refresh where it has to step up.
   */
  readonly refresh?: boolean;
  /** Called for each request and answer, each login and each token. */
  readonly onStep?: (step: HostStep) => void;
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
}

/** An MCP client together with the person in front of it, who logs in and agrees whenever asked. */
export interface HeadlessHost {
  /** Connects; logs in where the server asks for it. */
  connect(): Promise<void>;
  listTools(): Promise<readonly string[]>;
  /** Calls a tool; logs in again where the server asks for more scopes (step-up). */
  callTool(name: string, args?: Record<string, unknown>): Promise<ToolResult>;
  /** The access token in use. */
  readonly accessToken: string | undefined;
  /** The scopes that the authorization server says the token has. */
  readonly scope: string | undefined;
  /** Everything that happened so far. */
  readonly steps: readonly HostStep[];
  close(): Promise<void>;
}

/**
 * Makes a host that goes through the whole of MCP authorization without a screen: challenge, discovery, registration,
 * login with PKCE, token, step-up. It is the real SDK that does it; only the browser and the person are played.
 *
 * @throws {Error} when the SDK of that version is not installed.
 * @example
 * const host = await createHeadlessHost({ url: "http://127.0.0.1:3002/mcp", version: 2 });
 * await host.connect();
 * const { structuredContent } = await host.callTool("list_todos");
 */
export async function createHeadlessHost(options: HeadlessHostOptions): Promise<HeadlessHost> {
  const { version, negotiation = "auto", registration = "dynamic", refresh = version === 2 } = options;
  const url = new URL(options.url);
  const steps: HostStep[] = [];
  const report = (step: HostStep): void => {
    steps.push(step);
    options.onStep?.(step);
  };
  const open = version === 1 ? await sdkV1() : await sdkV2();
  const request = recordingFetch(stagesOf(url), report, options.fetch);
  const provider = new HeadlessProvider(registration, refresh, report, request);
  const start = (): Session => open(url, provider, request, negotiation);
  let session: Session | undefined;

  const logInAfter = async (error: unknown, failed: Session): Promise<void> => {
    if (!failed.isUnauthorized(error) || provider.callback === undefined) throw error;
    await failed.finishAuth(provider.callback);
    provider.callback = undefined;
  };

  const connected = (): Session => {
    if (session === undefined) throw new Error("The host is not connected: call connect() first.");
    return session;
  };

  /** A challenge may come more than once: for a first token, then for more scopes. */
  const persist = async <T>(attempt: (session: Session) => Promise<T>): Promise<T> => {
    const current = connected();
    for (let logins = 0; ; logins += 1) {
      try {
        return await attempt(current);
      } catch (error) {
        if (logins === 2) throw error;
        await logInAfter(error, current);
      }
    }
  };

  return {
    async connect() {
      const first = start();
      try {
        await first.connect();
        session = first;
      } catch (error) {
        await logInAfter(error, first);
        session = start();
        await session.connect();
      }
    },
    listTools: () => persist(async ({ client }) => (await client.listTools()).tools.map(({ name }) => name)),
    callTool: (name, args = {}) => persist(({ client }) => client.callTool({ name, arguments: args })),
    get accessToken() {
      return provider.tokens()?.access_token;
    },
    get scope() {
      return provider.tokens()?.scope;
    },
    steps,
    close: async () => session?.client.close(),
  };
}
