import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "./context.js";
import { DASHBOARD_PATH, handleDashboard } from "./dashboard-api.js";
import {
  ANY_ORIGIN,
  type Answer,
  BodyTooLarge,
  PREFLIGHT,
  readBody,
  rewrite,
  send,
  sendJson,
} from "./http.js";
import { handleInteraction } from "./interactions.js";
import { answerKeys } from "./key-server.js";
import { handleRest } from "./management/rest.js";
import { environmentMetadata, serverMetadata } from "./metadata.js";
import { dashboardAsset } from "./pages/dashboard.js";
import { errorPage } from "./pages/error.js";
import { authorizationTarget, tokenForm } from "./parameters.js";
import { handleRegistration } from "./registration.js";
import type { RequestNotes } from "./request-log.js";
import { notFound, pass, type Visit } from "./visit.js";

const SERVER_METADATA = /^\/\.well-known\/oauth-authorization-server\/resources\/([^/]+)$/;
const APPENDED_METADATA = /^\/resources\/([^/]+)\/\.well-known\/oauth-authorization-server$/;
const ENVIRONMENT_METADATA = /^\/\.well-known\/(?:openid-configuration|oauth-authorization-server)$/;
const REGISTRATION = /^\/api\/v1\/resources\/([^/]+)\/clients:register$/;
const CUSTOM_LOGIN_CALLBACK = /^\/sso\/v1\/connections\/([^/]+)\/partner:callback$/;
const SERVER_ENDPOINT = /^\/resources\/([^/]+)(\/oauth\/[^?]+)$/;
const ENVIRONMENT_ENDPOINT = /^\/(?:oauth\/.+|userinfo|oidc\/logout.*)$/;

/** Answers one request. Throws only what is this server's own fault. */
export async function route(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  notes: RequestNotes,
): Promise<void> {
  const [path, query] = split(request.url ?? "/");
  const visit: Visit = { context, request, response, path: path.replace(/%3a/i, ":"), query, notes };
  try {
    await dispatch(visit);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    sendJson(response, 413, { error: "invalid_request", error_description: error.message });
  }
}

function split(target: string): [string, string] {
  const at = target.indexOf("?");
  return at < 0 ? [target, ""] : [target.slice(0, at), target.slice(at)];
}

function dispatch(visit: Visit): Promise<void> {
  const { context, request, response, path, notes } = visit;
  if (path === "/keys") return keyRoute(visit);
  if (path.includes("/.well-known/")) return metadataRoute(visit);
  if (path.startsWith("/interactions/")) {
    notes.kind = "login";
    return handleInteraction(context, request, response, notes);
  }
  const registration = REGISTRATION.exec(path)?.[1];
  if (registration !== undefined) return handleRegistration(visit, registration);
  if (path.startsWith("/api/v1/")) return handleRest(context, request, response, notes);
  const connection = CUSTOM_LOGIN_CALLBACK.exec(path)?.[1];
  if (connection !== undefined) return customLoginRoute(visit, connection);
  if (path.startsWith(`${DASHBOARD_PATH}/`)) return handleDashboard(context, request, response, notes);
  const asset = dashboardAsset(path);
  return asset ? pageRoute(visit, asset) : protocolRoute(visit);
}

async function keyRoute({ context, request, response, notes }: Visit): Promise<void> {
  notes.kind = "keys";
  if (request.method === "OPTIONS") send(response, PREFLIGHT);
  else await answerKeys(context.keys, request, response);
}

async function metadataRoute({ context, request, response, path, notes }: Visit): Promise<void> {
  notes.kind = "metadata";
  const { environment } = context;
  if (request.method === "OPTIONS") return send(response, PREFLIGHT);
  const id = (SERVER_METADATA.exec(path) ?? APPENDED_METADATA.exec(path))?.[1];
  const server = environment.servers.get(id ?? "");
  if (server) {
    notes.server = server.id;
    return sendJson(response, 200, serverMetadata(environment, server), ANY_ORIGIN);
  }
  if (!ENVIRONMENT_METADATA.test(path)) return notFound(response);
  return sendJson(response, 200, environmentMetadata(environment), ANY_ORIGIN);
}

async function pageRoute({ response, notes }: Visit, asset: Answer): Promise<void> {
  notes.kind = "page";
  send(response, asset);
}

/** The browser comes back from somebody's own login page. */
async function customLoginRoute(
  { context, response, query, notes }: Visit,
  connection: string,
): Promise<void> {
  notes.kind = "login";
  const state = new URLSearchParams(query).get("state") ?? "";
  const login = context.customLogins.finish(connection, state);
  if (login) {
    return send(response, { status: 303, headers: { Location: `/interactions/${login.interaction}` } });
  }
  notes.error = "invalid_request";
  send(response, errorPage(400, "invalid_request", "No login is waiting for this state and connection."));
}

async function protocolRoute(visit: Visit): Promise<void> {
  const { context, request, path, query } = visit;
  const { environment } = context;
  const scoped = SERVER_ENDPOINT.exec(path);
  const server = scoped ? environment.servers.get(scoped[1] ?? "") : undefined;
  if (scoped ? !server : !ENVIRONMENT_ENDPOINT.test(path)) return notFound(visit.response);
  const mount = server ? `/resources/${server.id}` : "";
  const endpoint = path.slice(mount.length);
  visit.notes.kind = KINDS.get(endpoint.split("/").slice(0, 3).join("/")) ?? "other";
  if (server) visit.notes.server = server.id;
  if (endpoint === "/oauth/authorize" && request.method === "GET") {
    const target = `${endpoint}${authorizationTarget(environment, server, query)}`;
    return pass(visit, server, rewrite(request, { mount, target }));
  }
  const target = `${endpoint}${query}`;
  if (endpoint === "/oauth/token" && request.method === "POST") {
    const body = tokenForm(environment, server, request, await readBody(request));
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
