import type { AuthInfo } from "./auth-info.js";
import type { Dpop } from "./dpop.js";
import type { GateEvent } from "./events.js";
import type { Facts } from "./facts.js";
import type { Implies } from "./policy/hierarchy.js";
import type { ListOptions } from "./policy/listing.js";
import type { PolicyOptions } from "./policy/policy.js";
import type { Provider } from "./provider.js";
import type { ProtectedResourceMetadata } from "./resource.js";
import type { SharedStore } from "./shared-store.js";

/** Everything that can be said to `mcpAuthz` and to `createGate`; the same for every framework. */
export interface McpAuthzOptions<Tool extends string = string> {
  /** The public URL of the MCP endpoint: the resource identifier (RFC 9728 §1.2), byte for byte what clients are told. */
  readonly resource: string;
  /** Who issues the tokens: `scalekit()`, `jwt({ issuer })`, `introspection({ … })`, or your own. */
  readonly provider: Provider;
  /** Who may do what. `{ unlisted: "baseline" }` lets every valid token do everything. */
  readonly policy: PolicyOptions<Tool>;
  /** Which scope brings which others with it, for example `{ "todo:write": "todo:read" }`. */
  readonly implies?: Implies;
  /**
   * Path of the endpoint as this server sees it. Default: the path of `resource`. Needed where a proxy takes a
   * prefix off, and where the resource is a bare origin but the endpoint is not at its root.
   */
  readonly path?: string;
  /** Default "OAuth". */
  readonly realm?: string;
  /** More of the metadata document, under RFC 9728's names; `scopes_supported` is the policy's baseline unless given. */
  readonly metadata?: Partial<ProtectedResourceMetadata>;
  /** Whether the metadata also stands at `/.well-known/oauth-protected-resource` itself. Default true; false for all but one resource of an origin. */
  readonly rootMetadata?: boolean;
  /** Browser origins that may call, beside the resource's own. A loopback resource admits loopback origins. */
  readonly origins?: readonly string[];
  /** `Host` values to accept. Default: loopback names for a loopback resource (DNS rebinding); otherwise not checked, since nothing is derived from it. */
  readonly hosts?: readonly string[];
  /** Whether CORS headers are sent. Default true; false where the application sends its own. */
  readonly cors?: boolean;
  /** What `tools/list` and its like show. */
  readonly lists?: ListOptions;
  /**
   * Refuse a tool call inside a 200 answer, as `_meta["mcp/www_authenticate"]`, for hosts that look there and not at
   * HTTP. Other hosts need the HTTP challenge, so say when. Default: never.
   */
  readonly inBand?: boolean | ((facts: Facts) => boolean);
  /** Accept tokens that are bound to a key, or nothing else: `dpop()` of `@mcp-authz/core/dpop`. Default: they are refused. */
  readonly dpop?: Dpop;
  /** Where the owners of sessions are kept, when several processes serve an older protocol. Default: in memory. */
  readonly sessions?: SharedStore;
  readonly limits?: Partial<Limits>;
  /**
   * Called for every decision about a request to the endpoint. What it throws is ignored. Default: outside production
   * and tests, what points at this server's own configuration is printed, once each.
   */
  readonly onEvent?: (event: GateEvent) => void;
  /** The MCP server: `createMcpHandler(…)` of the MCP SDK v2, or any `{ fetch }`. Left out: the application's own route serves behind us. */
  readonly handler?: McpHandler;
}

/** Structurally what `createMcpHandler` of the MCP SDK v2 returns. */
export interface McpHandler {
  fetch(
    request: Request,
    options?: { authInfo?: AuthInfo; parsedBody?: unknown },
  ): Response | Promise<Response>;
}

export interface Limits {
  /** Longest body, in bytes. Default 4 MiB. */
  readonly body: number;
  /** Longest time to read a body, in milliseconds. Default 30 000. */
  readonly bodyTimeout: number;
  /** Longest token, in characters. Default 8192. */
  readonly token: number;
  /** Most messages in a batch. Default 100. */
  readonly batch: number;
}
