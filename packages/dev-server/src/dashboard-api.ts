import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "./context.js";
import { isSameOrigin } from "./csrf.js";
import type { Operations, ServerChanges } from "./dev-server.js";
import { readBody, sendJson } from "./http.js";
import { KEY_SERVER_MODES } from "./keys.js";
import { createOperations, registered } from "./operations.js";
import type { DevClient, DevMcpServer, DevOrganization, DevUser } from "./options.js";
import { newSecret } from "./records.js";
import type { RequestNotes } from "./request-log.js";
import { TOKEN_FAULTS } from "./token-faults.js";

type Body = Readonly<Record<string, unknown>>;
type Action = (operations: Operations, id: string, body: Body) => unknown;

/** Where the page's own requests go. Nothing below it is part of Scalekit's shape. */
export const DASHBOARD_PATH = "/_dev/api";

const ISSUER_PHASES = ["legacy", "transition", "resource"] as const;

/** What the page can do, by method and path; everything is also a method of the server object. */
const ACTIONS: Readonly<Record<string, Action>> = {
  "POST servers": (operations, _id, body) => operations.registerServer(body as unknown as DevMcpServer),
  "PATCH servers": (operations, id, body) => operations.updateServer(id, body as ServerChanges),
  "DELETE servers": (operations, id) => operations.removeServer(id),
  "POST users": (operations, _id, body) => operations.registerUser(body as unknown as DevUser),
  "DELETE users": (operations, id) => operations.removeUser(id),
  "POST organizations": (operations, _id, body) =>
    operations.registerOrganization(body as unknown as DevOrganization),
  "DELETE organizations": (operations, id) => operations.removeOrganization(id),
  "POST clients": (operations, _id, body) => {
    const secret = body.confidential === true ? { secret: newSecret() } : {};
    return operations.registerClient({ ...(body as DevClient), ...secret });
  },
  "DELETE clients": (operations, id) => operations.removeClient(id),
  "DELETE consents": (operations, id) => operations.revokeConsent(id),
  "POST keys": (operations) => operations.rotateKeys(),
  "DELETE keys": (operations, id) => operations.revokeKey(id === "" ? undefined : id),
  "PATCH settings": (operations, _id, body) => applySettings(operations, body),
};

function applySettings(operations: Operations, body: Body): void {
  if ("issuerPhase" in body) operations.setIssuerPhase(oneOf("issuerPhase", ISSUER_PHASES, body.issuerPhase));
  if ("keyServer" in body) operations.setKeyServer(oneOf("keyServer", KEY_SERVER_MODES, body.keyServer));
  if ("tokenFault" in body) {
    const none = body.tokenFault === null || body.tokenFault === "";
    operations.setTokenFault(none ? undefined : oneOf("tokenFault", TOKEN_FAULTS, body.tokenFault));
  }
  if ("clockOffset" in body) {
    const seconds = Number(body.clockOffset);
    if (!Number.isSafeInteger(seconds)) throw new TypeError("clockOffset must be a whole number of seconds");
    operations.setClockOffset(seconds);
  }
}

function oneOf<T extends string>(name: string, values: readonly T[], value: unknown): T {
  const found = values.find((one) => one === value);
  if (found === undefined) throw new TypeError(`${name} must be one of ${values.join(", ")}`);
  return found;
}

/** `/_dev/api/…`: the page's interface, which scripts may use as well. */
export async function handleDashboard(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  notes: RequestNotes,
): Promise<void> {
  notes.kind = "page";
  const { pathname, searchParams } = new URL(request.url ?? "/", context.environment.url);
  const [resource = "", id = ""] = pathname.slice(DASHBOARD_PATH.length + 1).split("/");
  const method = request.method ?? "GET";
  if (method === "GET" && resource === "state") return sendJson(response, 200, await state(context));
  if (method === "GET" && resource === "requests") {
    const after = Number(searchParams.get("after") ?? 0);
    return sendJson(
      response,
      200,
      context.log.entries.filter((entry) => entry.id > after),
    );
  }
  if (method === "GET" && resource === "log") return stream(context, request, response);
  if (!isTrusted(request)) return sendJson(response, 403, { error: "This came from another site." });
  if (method === "POST" && resource === "decisions") return report(context, request, response);
  const action = ACTIONS[`${method} ${resource}`];
  if (!action) return sendJson(response, 404, { error: "There is no such path." });
  return act(context, action, decodeURIComponent(id), request, response);
}

async function act(
  context: Context,
  action: Action,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const bytes = await readBody(request);
    const body = bytes.length === 0 ? {} : (JSON.parse(bytes.toString("utf8")) as Body);
    sendJson(response, 200, (await action(createOperations(context), id, body)) ?? {});
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
    sendJson(response, 400, { error: error.message });
  }
}

/**
 * No other site may use this interface through a browser: browsers name a foreign origin, and send a foreign
 * page's JSON only after a preflight that is never answered here.
 */
function isTrusted(request: IncomingMessage): boolean {
  const type = request.headers["content-type"] ?? "";
  return isSameOrigin(request) && (request.method === "DELETE" || type.startsWith("application/json"));
}

/** An MCP server's account of what it decided about a request, for the live log. */
async function report(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = (await readBody(request)).toString("utf8");
  const { server, decision = {} } = JSON.parse(text) as { server?: string; decision?: Body };
  const status = Number(decision.status ?? 0);
  const notes: RequestNotes = { kind: "decision", decision, ...(server === undefined ? {} : { server }) };
  const method = String(decision.method ?? "POST");
  context.log.add({ method, path: String(decision.path ?? ""), status }, notes);
  sendJson(response, 200, {});
}

async function state(context: Context): Promise<unknown> {
  const { environment, keys, store, faults } = context;
  const { keys: published } = await keys.keySet();
  const current = await keys.current();
  return {
    url: environment.url,
    servers: [...environment.servers.values()].map((server) => registered(environment, server)),
    users: [...environment.users.values()],
    organizations: [...environment.organizations.values()],
    clients: [...environment.clients.values()].map(({ id, source, serverId, metadata, scopes }) => {
      const { client_name: name, redirect_uris: redirectUris, client_secret: secret } = metadata;
      return { id, source, serverId, name, redirectUris, scopes, secret };
    }),
    consents: store.consents(),
    keys: published.map(({ kid }) => ({ kid, signs: kid === current.kid })),
    settings: {
      issuerPhase: environment.issuerPhase,
      keyServer: keys.mode,
      tokenFault: faults.token ?? "",
      clockOffset: faults.clockOffset,
    },
    choices: { issuerPhase: ISSUER_PHASES, keyServer: KEY_SERVER_MODES, tokenFault: TOKEN_FAULTS },
  };
}

/** The live log as server-sent events; a browser that reconnects gets what it missed. */
function stream({ log }: Context, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  const write = (entry: { readonly id: number }): void => {
    response.write(`id: ${entry.id}\ndata: ${JSON.stringify(entry)}\n\n`);
  };
  const seen = Number(request.headers["last-event-id"] ?? 0);
  for (const entry of log.entries) if (entry.id > seen) write(entry);
  response.write(": live\n\n");
  const stop = log.subscribe(write);
  response.once("close", stop);
}
