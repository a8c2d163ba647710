import type { IncomingMessage, ServerResponse } from "node:http";
import type { default as Provider } from "oidc-provider";
import { handleConsent } from "./consent.js";
import type { Environment, McpServer } from "./environment.js";
import { ANY_ORIGIN, BodyTooLarge, PREFLIGHT, readBody, rewrite, send, sendJson } from "./http.js";
import { answerKeys } from "./key-server.js";
import type { SigningKeys } from "./keys.js";
import { type Document, environmentMetadata, serverMetadata } from "./metadata.js";
import { homePage } from "./pages/home.js";
import { authorizationTarget, tokenForm } from "./parameters.js";
import { RegistrationFault, registrationMetadata, rememberScope } from "./registration.js";
import type { RequestNotes } from "./request-log.js";

/** What the routes need to answer. */
export interface Routes {
  readonly environment: Environment;
  readonly keys: SigningKeys;
  readonly secret: string;
  readonly notes: WeakMap<object, RequestNotes>;
  authorizationServer(server: McpServer | undefined): Promise<Provider>;
}

/** One request on its way to an answer. */
interface Visit {
  readonly routes: Routes;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly query: string;
  readonly notes: RequestNotes;
}

const SERVER_METADATA = /^\/\.well-known\/oauth-authorization-server\/resources\/([^/]+)$/;
const APPENDED_METADATA = /^\/resources\/([^/]+)\/\.well-known\/oauth-authorization-server$/;
const ENVIRONMENT_METADATA = /^\/\.well-known\/(?:openid-configuration|oauth-authorization-server)$/;
const REGISTRATION = /^\/api\/v1\/resources\/([^/]+)\/clients:register$/;
const SERVER_ENDPOINT = /^\/resources\/([^/]+)(\/oauth\/[^?]+)$/;
const ENVIRONMENT_ENDPOINT = /^\/(?:oauth\/.+|userinfo|oidc\/logout.*)$/;

/** Answers one request. Throws only what is this server's own fault. */
export async function route(
  routes: Routes,
  request: IncomingMessage,
  response: ServerResponse,
  notes: RequestNotes,
): Promise<void> {
  const [path = "/", query = ""] = split(request.url ?? "/");
  const visit: Visit = { routes, request, response, path, query, notes };
  try {
    if (path === "/keys") return await keyRoute(visit);
    if (path.includes("/.well-known/")) return await metadataRoute(visit);
    if (path.startsWith("/interactions/")) return await consentRoute(visit);
    const registration = REGISTRATION.exec(path.replace("%3A", ":"));
    if (registration) return await registrationRoute(visit, registration[1] ?? "");
    if (path === "/") return pageRoute(visit);
    return await protocolRoute(visit);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    sendJson(response, 413, { error: "invalid_request", error_description: error.message });
  }
}

function split(target: string): [string, string] {
  const at = target.indexOf("?");
  return at < 0 ? [target, ""] : [target.slice(0, at), target.slice(at)];
}

async function keyRoute({ routes, request, response, notes }: Visit): Promise<void> {
  notes.kind = "keys";
  if (request.method === "OPTIONS") return send(response, PREFLIGHT);
  return answerKeys(routes.keys, request, response);
}

async function metadataRoute({ routes, request, response, path, notes }: Visit): Promise<void> {
  notes.kind = "metadata";
  const { environment } = routes;
  if (request.method === "OPTIONS") return send(response, PREFLIGHT);
  const id = (SERVER_METADATA.exec(path) ?? APPENDED_METADATA.exec(path))?.[1];
  const server = environment.servers.get(id ?? "");
  if (server) {
    notes.server = server.id;
    return sendDocument(response, serverMetadata(environment, server));
  }
  if (ENVIRONMENT_METADATA.test(path)) return sendDocument(response, environmentMetadata(environment));
  return notFound(response);
}

function sendDocument(response: ServerResponse, document: Document): void {
  sendJson(response, 200, document, ANY_ORIGIN);
}

async function consentRoute(visit: Visit): Promise<void> {
  const { routes, request, response, notes } = visit;
  notes.kind = "consent";
  const provider = await routes.authorizationServer(undefined);
  await handleConsent({
    environment: routes.environment,
    provider,
    secret: routes.secret,
    request,
    response,
    notes,
  });
}

function pageRoute({ routes, response, notes }: Visit): void {
  notes.kind = "page";
  send(response, homePage(routes.environment));
}

async function registrationRoute(visit: Visit, id: string): Promise<void> {
  const { routes, request, response, notes } = visit;
  notes.kind = "registration";
  const server = routes.environment.servers.get(id);
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

async function protocolRoute(visit: Visit): Promise<void> {
  const { routes, request, path } = visit;
  const scoped = SERVER_ENDPOINT.exec(path);
  const server = scoped ? routes.environment.servers.get(scoped[1] ?? "") : undefined;
  if (scoped ? !server : !ENVIRONMENT_ENDPOINT.test(path)) return notFound(visit.response);
  const mount = server ? `/resources/${server.id}` : "";
  const endpoint = path.slice(mount.length);
  visit.notes.kind = KINDS.get(endpoint.split("/").slice(0, 3).join("/")) ?? "other";
  if (server) visit.notes.server = server.id;
  if (endpoint === "/oauth/authorize" && request.method === "GET") {
    const target = `${endpoint}${authorizationTarget(routes.environment, server, visit.query)}`;
    return pass(visit, server, rewrite(request, { mount, target }));
  }
  const target = `${endpoint}${visit.query}`;
  if (endpoint === "/oauth/token" && request.method === "POST") {
    const body = tokenForm(routes.environment, server, request, await readBody(request));
    return pass(visit, server, rewrite(request, { mount, target, body }));
  }
  return pass(visit, server, rewrite(request, { mount, target }));
}

const KINDS: ReadonlyMap<string, NonNullable<RequestNotes["kind"]>> = new Map([
  ["/oauth/authorize", "authorize"],
  ["/oauth/token", "token"],
  ["/oauth/introspect", "introspection"],
  ["/oauth/revoke", "revocation"],
]);

/** Hands a request to the protocol library and waits for its answer. */
async function pass(visit: Visit, server: McpServer | undefined, request: IncomingMessage): Promise<void> {
  const { routes, response, notes } = visit;
  routes.notes.set(request, notes);
  const provider = await routes.authorizationServer(server);
  await provider.callback()(request, response);
}

function refuse({ response, notes }: Visit, status: number, error: string, description: string): void {
  notes.error = error;
  notes.errorDescription = description;
  sendJson(response, status, { error, error_description: description }, ANY_ORIGIN);
}

function notFound(response: ServerResponse): void {
  sendJson(response, 404, { error: "not_found" }, ANY_ORIGIN);
}
