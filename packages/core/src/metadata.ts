import { type Answer, methodNotAllowed } from "./answers.js";
import { isScopeToken } from "./challenge.js";
import type { Dpop } from "./dpop.js";
import { OptionError, stringsOf } from "./option-error.js";
import type { Policy } from "./policy/policy.js";
import type { Provider } from "./provider.js";
import type { ProtectedResourceMetadata, Resource } from "./resource.js";

/**
 * The metadata of this resource: the provider's part, the user's part, and what is not up to either of them.
 * @throws {OptionError} for what RFC 9728 does not allow.
 */
export function metadataOf(
  resource: Resource,
  provider: Provider,
  policy: Policy,
  dpop: Dpop | undefined,
  own: Partial<ProtectedResourceMetadata>,
): ProtectedResourceMetadata {
  if (own.resource !== undefined && own.resource !== resource.identifier)
    throw new OptionError(
      "metadata.resource",
      own.resource,
      `leave it out; it is always the resource option, ${JSON.stringify(resource.identifier)}.`,
    );
  const { resource: _, authorization_servers: __, ...console } = provider.metadata ?? {};
  const baseline = policy.baseline.length > 0 ? policy.baseline : undefined;
  const scopes =
    stringsOf("metadata.scopes_supported", own.scopes_supported ?? baseline ?? console.scopes_supported) ??
    [];
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
    ...(dpop === undefined ? {} : { dpop_signing_alg_values_supported: dpop.algorithms }),
    ...(dpop?.required === true ? { dpop_bound_access_tokens_required: true } : {}),
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

/** RFC 9728 §3.2: parameters without a value are left out. */
export function metadataDocument(metadata: ProtectedResourceMetadata): string {
  const kept = Object.entries(metadata).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return JSON.stringify(Object.fromEntries(kept));
}

const metadataMethods = "GET, HEAD, OPTIONS";

/** The metadata document is public, the same for everybody, and may be read by any page (RFC 9728 §3). */
export function metadataAnswer(method: string, document: string): Answer {
  const open: [string, string][] = [
    ["Access-Control-Allow-Origin", "*"],
    ["X-Content-Type-Options", "nosniff"],
  ];
  switch (method) {
    case "GET":
    case "HEAD":
      return {
        kind: "answer",
        status: 200,
        headers: [["Content-Type", "application/json"], ["Cache-Control", "public, max-age=300"], ...open],
        body: method === "HEAD" ? "" : document,
      };
    case "OPTIONS":
      return {
        kind: "answer",
        status: 204,
        headers: [
          ...open,
          ["Access-Control-Allow-Methods", metadataMethods],
          ["Access-Control-Allow-Headers", "*"],
          ["Allow", metadataMethods],
        ],
        body: "",
      };
    default:
      return methodNotAllowed(metadataMethods, open);
  }
}
