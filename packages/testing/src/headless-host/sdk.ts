import type { HeadlessProvider } from "./oauth-provider.js";

/** What the host needs of either SDK's client. */
export interface SdkClient {
  listTools(): Promise<{ tools: readonly { readonly name: string }[] }>;
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<ToolResult>;
  close(): Promise<void>;
}

/** The result of `tools/call`. */
export interface ToolResult {
  readonly content?: unknown;
  readonly structuredContent?: unknown;
  readonly isError?: boolean | undefined;
  readonly [field: string]: unknown;
}

/** A client with its transport, connected or not. */
export interface Session {
  readonly client: SdkClient;
  connect(): Promise<void>;
  /** Hands the authorization response over; afterwards the provider has a token. */
  finishAuth(callback: URLSearchParams): Promise<void>;
  /** Whether an error says that the person was sent to log in. */
  isUnauthorized(error: unknown): boolean;
}

/** The protocol that a client speaks: agree on the newest, or stay with the sessions of 2025. */
export type Negotiation = "auto" | "legacy";

export type SessionFactory = (
  url: URL,
  provider: HeadlessProvider,
  request: typeof fetch,
  negotiation: Negotiation,
) => Session;

const identity = { name: "headless-mcp-host", version: "1.0.0" };

/** Loads SDK v1, `@modelcontextprotocol/sdk`. */
export async function sdkV1(): Promise<SessionFactory> {
  const [{ Client }, { StreamableHTTPClientTransport }, { UnauthorizedError }] = await Promise.all([
    import("@modelcontextprotocol/sdk/client/index.js"),
    import("@modelcontextprotocol/sdk/client/streamableHttp.js"),
    import("@modelcontextprotocol/sdk/client/auth.js"),
  ]);
  return (url, provider, request) => {
    const client = new Client(identity);
    const transport = new StreamableHTTPClientTransport(url, { authProvider: provider, fetch: request });
    return {
      client: client as unknown as SdkClient,
      connect: () => client.connect(transport as Parameters<typeof client.connect>[0]),
      finishAuth: (callback) => transport.finishAuth(callback.get("code") ?? ""),
      isUnauthorized: (error) => error instanceof UnauthorizedError,
    };
  };
}

/** Loads SDK v2, `@modelcontextprotocol/client`. */
export async function sdkV2(): Promise<SessionFactory> {
  const { Client, StreamableHTTPClientTransport, UnauthorizedError } = await import(
    "@modelcontextprotocol/client"
  );
  return (url, provider, request, mode) => {
    const client = new Client(identity, { versionNegotiation: { mode } });
    const transport = new StreamableHTTPClientTransport(url, { authProvider: provider, fetch: request });
    return {
      client: client as unknown as SdkClient,
      connect: () => client.connect(transport),
      finishAuth: (callback) => transport.finishAuth(callback),
      isUnauthorized: (error) => UnauthorizedError.isInstance(error),
    };
  };
}
