import type { McpAuthzOptions } from "@mcp-authz/core";
import type { TokenMint } from "@mcp-authz/testing";

/** What an app needs to know to take its tokens from the mint. */
export interface InsideEnvironment {
  /** Issuer of the tokens; its metadata and keys are served on loopback. */
  readonly issuer: string;
  readonly jwksUri: string;
  /** The port to listen on, on 127.0.0.1. */
  readonly port: number;
  /** The resource that the tokens are for: `http://localhost:<port><path>`. */
  readonly resource: string;
  /**
   * The same as environment variables: PORT, MCP_URL, SERVER_URL, RESOURCE_ID, ISSUER, JWKS_URI and Scalekit's
   * SCALEKIT_ENVIRONMENT_URL, SCALEKIT_RESOURCE_ID, SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET.
   */
  readonly env: Readonly<Record<string, string>>;
}

/** An app that runs. */
export interface InsideApp {
  /** The last lines that a command wrote to its error stream. */
  errors?(): string;
  close(): Promise<void> | void;
}

/** The app under examination: a function that starts it, a command, or the options given to `mcpAuthz`. */
export type AppSource =
  | { readonly app: (environment: InsideEnvironment) => Promise<InsideApp> | InsideApp }
  /** Program and arguments, separated by spaces; quotes keep a part together. No shell sees it. */
  | { readonly command: string; readonly cwd?: string; readonly env?: Readonly<Record<string, string>> }
  /** Provider and resource are replaced by ours, everything else is examined as it is. */
  | { readonly options: McpAuthzOptions };

/** The id by which the app is told that Scalekit knows it. */
export const scalekitResourceId = "res_verify";

export function environmentFor(
  { issuer, jwksUri }: Pick<TokenMint, "issuer" | "jwksUri">,
  resource: string,
  port: number,
): InsideEnvironment {
  return {
    issuer,
    jwksUri,
    port,
    resource,
    env: {
      PORT: String(port),
      HOST: "127.0.0.1",
      MCP_URL: resource,
      SERVER_URL: new URL(resource).origin,
      RESOURCE_ID: resource,
      ISSUER: issuer,
      JWKS_URI: jwksUri,
      SCALEKIT_ENVIRONMENT_URL: issuer,
      SCALEKIT_RESOURCE_ID: scalekitResourceId,
      SCALEKIT_CLIENT_ID: "skc_verify",
      SCALEKIT_CLIENT_SECRET: "verify",
    },
  };
}
