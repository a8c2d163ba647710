import type { AuthInfo } from "./auth-info.js";
import { isRealm, isScopeToken } from "./challenge.js";
import type { GateEvent } from "./events.js";
import { developmentLog, isDevelopment } from "./explanation.js";
import type { Facts } from "./facts.js";
import { OptionError } from "./option-error.js";
import { createOriginPolicy, type OriginPolicy } from "./origin.js";
import type { Implies } from "./policy/hierarchy.js";
import type { ListOptions } from "./policy/listing.js";
import { createPolicy, type Policy, type PolicyOptions } from "./policy/policy.js";
import type { Provider, TokenVerifier } from "./provider.js";
import { metadataDocument, type ProtectedResourceMetadata, type Resource, resourceOf } from "./resource.js";
import { createSessionOwners, type SessionOwners, type SharedStore } from "./session-owners.js";
import { createPlaces, type Place } from "./target.js";

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

export interface Settings {
  readonly resource: Resource;
  readonly place: (target: string) => Place;
  readonly origins: OriginPolicy;
  readonly cors: boolean;
  readonly policy: Policy;
  readonly verifier: TokenVerifier;
  readonly challenge: { readonly realm: string; readonly resourceMetadata: string };
  readonly document: string;
  readonly lists: ListOptions;
  readonly inBand: (facts: Facts) => boolean;
  readonly owners: SessionOwners;
  readonly limits: Limits;
  readonly exclusive: boolean;
  readonly onEvent: ((event: GateEvent) => void) | undefined;
}

const defaultLimits: Limits = { body: 4 * 1024 * 1024, bodyTimeout: 30_000, token: 8192, batch: 100 };

/**
 * Reads the options once, when the server starts.
 * @throws {OptionError} for whatever cannot work.
 */
export function settingsOf(given: McpAuthzOptions): Settings {
  if (typeof given !== "object" || given === null)
    throw new OptionError("options", given, "write { resource, provider, policy }.");
  // A copy of what the object itself holds: a polluted prototype configures nothing.
  const options: McpAuthzOptions = Object.assign(Object.create(null), given);
  const resource = resourceOf(options.resource);
  const { provider, handler } = options;
  if (typeof provider?.verifierFor !== "function")
    throw new OptionError(
      "provider",
      provider,
      "write who issues the tokens: scalekit(), jwt({ issuer }) or introspection({ … }).",
    );
  if (typeof options.policy !== "object" || options.policy === null)
    throw new OptionError(
      "policy",
      options.policy,
      'write a rule for each tool, for example { tools: { list_todos: "todo:read" } }, or { unlisted: "baseline" } to let every valid token do everything.',
    );
  if (handler !== undefined && typeof handler?.fetch !== "function")
    throw new OptionError(
      "handler",
      handler,
      "pass what createMcpHandler returns, or another object with a fetch method; leave it out to serve by a route of your own.",
    );
  const realm = options.realm ?? "OAuth";
  if (!isRealm(realm))
    throw new OptionError("realm", realm, 'use printable ASCII without ", \\ and = (RFC 6750 §3).');
  const policy = createPolicy(Object.assign(Object.create(null), options.policy), options.implies ?? {});
  return Object.freeze({
    resource,
    place: createPlaces(resource, pathOf(options.path, resource), options.rootMetadata ?? true),
    origins: createOriginPolicy(resource, options.origins ?? [], options.hosts),
    cors: options.cors ?? true,
    policy,
    verifier: provider.verifierFor(resource),
    challenge: { realm, resourceMetadata: resource.metadataUrl },
    document: metadataDocument(metadataOf(resource, provider, policy, options.metadata ?? {})),
    lists: listsOf(options.lists ?? {}),
    inBand: typeof options.inBand === "function" ? options.inBand : () => options.inBand === true,
    owners: createSessionOwners(options.sessions),
    limits: limitsOf(options.limits ?? {}),
    exclusive: handler !== undefined,
    onEvent: options.onEvent ?? (isDevelopment() ? developmentLog((line) => console.warn(line)) : undefined),
  });
}

function pathOf(path: string | undefined, resource: Resource): string {
  if (path === undefined) return resource.path;
  if (!/^\/[\x21\x24-\x3e\x40-\x5b\x5d-\x7e]*$/.test(path) || /\/\/|\/\.{1,2}(\/|$)/.test(path))
    throw new OptionError("path", path, 'write a path without query, for example "/mcp".');
  return path;
}

function listsOf(lists: ListOptions): ListOptions {
  const { filter = false } = lists;
  if (
    typeof filter !== "boolean" &&
    !(Array.isArray(filter) && filter.every((name) => typeof name === "string"))
  )
    throw new OptionError(
      "lists.filter",
      filter,
      "write true, or the names of what to hide from those who may not use it.",
    );
  return lists;
}

function limitsOf(given: Partial<Limits>): Limits {
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0))
      throw new OptionError(`limits.${name}`, value, "write a whole number above zero.");
  return Object.freeze({
    ...defaultLimits,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  });
}

function metadataOf(
  resource: Resource,
  provider: Provider,
  policy: Policy,
  own: Partial<ProtectedResourceMetadata>,
): ProtectedResourceMetadata {
  if (own.resource !== undefined && own.resource !== resource.identifier)
    throw new OptionError(
      "metadata.resource",
      own.resource,
      `leave it out; it is always the resource option, ${JSON.stringify(resource.identifier)}.`,
    );
  const { resource: _, authorization_servers: __, ...console } = provider.metadata ?? {};
  const scopes =
    own.scopes_supported ?? (policy.baseline.length > 0 ? policy.baseline : console.scopes_supported) ?? [];
  const odd = scopes.find((scope) => !isScopeToken(scope));
  if (odd !== undefined)
    throw new OptionError(
      "metadata.scopes_supported",
      scopes,
      `${JSON.stringify(odd)} is not a scope (RFC 6749 §3.3).`,
    );
  return {
    ...console,
    ...own,
    resource: resource.identifier,
    authorization_servers: authorizationServersOf(own.authorization_servers ?? provider.authorizationServers),
    // MCP 2026-07-28 Authorization, Refresh Tokens: it is the client's business, never the resource's.
    scopes_supported: scopes.filter((scope) => scope !== "offline_access"),
    bearer_methods_supported: ["header"],
  };
}

function authorizationServersOf(servers: readonly string[]): readonly string[] {
  if (
    !Array.isArray(servers) ||
    servers.length === 0 ||
    !servers.every((server) => typeof server === "string" && URL.canParse(server))
  )
    throw new OptionError(
      "provider.authorizationServers",
      servers,
      "name at least one issuer, as an absolute URL (RFC 9728 §2).",
    );
  return servers;
}
