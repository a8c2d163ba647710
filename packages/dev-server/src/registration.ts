import type { IncomingMessage } from "node:http";
import type { KoaContextWithOIDC } from "oidc-provider";
import { redirectUriFault } from "./client-metadata.js";
import type { McpServer } from "./environment.js";
import { ANY_ORIGIN, PREFLIGHT, readBody, rewrite, send } from "./http.js";
import { notFound, pass, refuse, type Visit } from "./visit.js";

type Metadata = Record<string, unknown>;

const ACCEPTED = ["client_name", "client_uri", "logo_uri", "tos_uri", "policy_uri", "contacts"] as const;

/** `{env}/api/v1/resources/{res}/clients:register`. */
export async function handleRegistration(visit: Visit, id: string): Promise<void> {
  const { context, request, response, notes } = visit;
  notes.kind = "registration";
  const server = context.environment.servers.get(id);
  if (!server) return notFound(response);
  notes.server = id;
  if (request.method === "OPTIONS") return send(response, PREFLIGHT);
  if (request.method !== "POST") return refuse(visit, 405, "invalid_request", "Registration takes POST only");
  if (!server.dcr) {
    return refuse(
      visit,
      403,
      "access_denied",
      "Dynamic client registration is switched off for this MCP server",
    );
  }
  const requested = parseJson(await readBody(request));
  try {
    const body = Buffer.from(JSON.stringify(registrationMetadata(requested)));
    const rewritten = rewrite(request, { mount: `/resources/${id}`, target: "/oauth/register", body });
    rememberScope(rewritten, requested);
    for (const [name, value] of Object.entries(ANY_ORIGIN)) response.setHeader(name, value);
    await pass(visit, server, rewritten);
  } catch (error) {
    if (!(error instanceof RegistrationFault)) throw error;
    refuse(visit, 400, error.code, error.message);
  }
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** A registration request that is refused before the protocol library sees it (RFC 7591 section 3.2.2). */
class RegistrationFault extends Error {
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
function registrationMetadata(requested: unknown): Metadata {
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

function rememberScope(request: IncomingMessage, requested: unknown): void {
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
