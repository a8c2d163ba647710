import type { IncomingMessage } from "node:http";
import type { KoaContextWithOIDC } from "oidc-provider";
import { redirectUriFault } from "./client-metadata.js";
import type { McpServer } from "./environment.js";

type Metadata = Record<string, unknown>;

const ACCEPTED = ["client_name", "client_uri", "logo_uri", "tos_uri", "policy_uri", "contacts"] as const;

/** A registration request that is refused before the protocol library sees it (RFC 7591 section 3.2.2). */
export class RegistrationFault extends Error {
  readonly code: "invalid_redirect_uri" | "invalid_client_metadata";

  constructor(code: RegistrationFault["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * What a dynamic registration becomes (RFC 7591 section 2 lets the server replace any value):
 *
 * - public, for the code flow, with refresh tokens: Scalekit gives registered clients no secret;
 * - native unless it says otherwise, so that a loopback redirect matches on any port (RFC 8252 section 7.3);
 * - not bound to the scopes it registered with. Clients register with the scopes of the first challenge; a
 *   server that held them to it would make every step-up fail with `invalid_scope`.
 */
export function registrationMetadata(requested: unknown): Metadata {
  if (typeof requested !== "object" || requested === null || Array.isArray(requested)) {
    throw new RegistrationFault("invalid_client_metadata", "client registration must be a JSON object");
  }
  const request = requested as Metadata;
  const redirects = request.redirect_uris;
  if (!Array.isArray(redirects) || redirects.length === 0) {
    throw new RegistrationFault("invalid_redirect_uri", "redirect_uris must contain members");
  }
  const fault = redirects.map(redirectUriFault).find((found) => found !== undefined);
  if (fault) throw new RegistrationFault("invalid_redirect_uri", fault);
  const kept: Metadata = {};
  for (const name of ACCEPTED) if (request[name] !== undefined) kept[name] = request[name];
  return {
    ...kept,
    application_type: request.application_type === "web" ? "web" : "native",
    redirect_uris: redirects,
    response_types: ["code"],
    grant_types: ["authorization_code", "refresh_token"],
    token_endpoint_auth_method: "none",
  };
}

/** Requests whose body was replaced, with the scope that the client wanted to register. */
const wanted = new WeakMap<IncomingMessage, string>();

export function rememberScope(request: IncomingMessage, requested: unknown): void {
  const scope = (requested as { scope?: unknown } | null)?.scope;
  if (typeof scope === "string") wanted.set(request, scope);
}

/** Adds to the standard response what Scalekit's own has: `name`, `scopes`, `audience`, `resource_id`. */
export function shapeRegistration(context: KoaContextWithOIDC, server: McpServer, audience: string): void {
  const body = context.body as Metadata;
  const known = new Set(server.scopes.map((scope) => scope.name));
  const scope = wanted.get(context.req) ?? [...known].join(" ");
  context.body = {
    ...body,
    ...(scope === "" ? {} : { scope }),
    name: body.client_name,
    scopes: scope.split(" ").filter((name) => known.has(name)),
    audience: [audience, server.id],
    resource_id: server.id,
  };
}
