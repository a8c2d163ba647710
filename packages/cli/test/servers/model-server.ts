import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type AuthorizationServer,
  type ServerBehaviour,
  startAuthorizationServer,
  text,
} from "./authorization-server.js";
import { listen } from "./listen.js";
import { handleMcp } from "./mcp-handler.js";

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

/** What a request sees of the server. */
export interface Context {
  readonly origin: string;
  readonly resource: string;
  /** The right challenge for a request without a token. */
  readonly challenge: string;
  readonly issuer: string;
}

export type Route = (request: IncomingMessage, context: Context) => Reply | undefined;

/** Where the model may misbehave. Each is the one place that a defect changes. */
export interface Behaviour {
  /** Runs before everything else. */
  readonly first: Route;
  readonly document: (context: Context) => Readonly<Record<string, unknown>>;
  readonly metadata: Route;
  readonly preflight: Route;
  readonly withoutToken: Route;
  readonly badToken: (request: IncomingMessage, context: Context, token: string) => Reply | undefined;
  readonly checksOrigin: boolean;
  readonly checksHost: boolean;
  readonly exposes: boolean;
  readonly acceptsAnyToken: boolean;
  /** Takes what follows the first `Bearer ` up to the next space or comma. */
  readonly takesFirstToken: boolean;
  readonly refusesGoodTokens: boolean;
  /** No scope that is granted later is enough. */
  readonly grantsNothing: boolean;
  readonly allowedScopes: "checked" | "unchecked";
  readonly insufficient: (scope: string, context: Context) => Reply;
  readonly authorizationServer: Partial<ServerBehaviour>;
  /** Key and certificate, for a server over TLS. */
  readonly tls: Parameters<typeof listen>[1];
  readonly mcp: Parameters<typeof handleMcp>[2];
}

export interface ModelServer {
  readonly url: string;
  readonly authorizationServer: AuthorizationServer;
  close(): Promise<void>;
}

const readers = ["list_todos", "get_todo"];

/** A hand-written MCP resource server that does everything right; `behaviour` makes it misbehave. */
export async function startModelServer(
  behaviour: Partial<Behaviour> = {},
  path = "/mcp",
): Promise<ModelServer> {
  const authorizationServer = await startAuthorizationServer(behaviour.authorizationServer);
  const server = await listen((request, response) => {
    void answer(request, response);
  }, behaviour.tls);
  const { origin } = server;
  const resource = `${origin}${path === "/" ? "" : path}`;
  const metadataUrl = `${origin}/.well-known/oauth-protected-resource${path === "/" ? "" : path}`;
  const context: Context = {
    origin,
    resource,
    issuer: authorizationServer.issuer,
    challenge: `Bearer realm="OAuth", resource_metadata="${metadataUrl}", scope="todo:read"`,
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = early(request) ?? (await guarded(request));
    if (typeof reply === "string") handleMcp(request, reply, behaviour.mcp, response);
    else send(response, reply);
  }

  function early(request: IncomingMessage): Reply | undefined {
    const special = behaviour.first?.(request, context);
    if (special) return special;
    const pathname = (request.url ?? "").split("?")[0] ?? "";
    if ([metadataUrl, `${origin}/.well-known/oauth-protected-resource`].includes(`${origin}${pathname}`)) {
      return behaviour.metadata?.(request, context) ?? metadata(request, behaviour, context);
    }
    return pathname === path ? undefined : { status: 404 };
  }

  /** The refusal, or the body that goes on to the MCP handler. */
  async function guarded(request: IncomingMessage): Promise<Reply | string> {
    const cors = corsHeaders(request, context, behaviour.exposes ?? true);
    const refused = refusal(request, behaviour, context);
    if (refused !== undefined) return { ...refused, headers: { ...cors, ...refused.headers } };
    const body = await text(request);
    const needed = scopeFor(body);
    if (behaviour.allowedScopes === "unchecked" || needed === undefined) return body;
    const kept = behaviour.grantsNothing && needed === "todo:write";
    if (!kept && scopesOf(request.headers.authorization).includes(needed)) return body;
    return (behaviour.insufficient ?? insufficient)(needed, context);
  }

  return {
    url: resource,
    authorizationServer,
    close: async () => {
      await server.close();
      await authorizationServer.close();
    },
  };
}

function metadata(request: IncomingMessage, behaviour: Partial<Behaviour>, context: Context): Reply {
  const cors = { "access-control-allow-origin": "*" };
  if (request.method === "OPTIONS") {
    return { status: 204, headers: { ...cors, "access-control-allow-headers": "mcp-protocol-version" } };
  }
  const document = {
    resource: context.resource,
    authorization_servers: [context.issuer],
    scopes_supported: ["todo:read"],
    bearer_methods_supported: ["header"],
    ...behaviour.document?.(context),
  };
  return {
    status: 200,
    headers: { ...cors, "content-type": "application/json" },
    body: request.method === "HEAD" ? "" : JSON.stringify(document),
  };
}

function corsHeaders(
  request: IncomingMessage,
  { origin }: Context,
  exposes: boolean,
): Record<string, string> {
  if (request.headers.origin !== origin) return {};
  const allowed = { "access-control-allow-origin": origin, vary: "Origin" };
  return exposes ? { ...allowed, "access-control-expose-headers": "WWW-Authenticate" } : allowed;
}

/** Everything before the body is read: Host, Origin, preflight, credentials, token. */
function refusal(
  request: IncomingMessage,
  behaviour: Partial<Behaviour>,
  context: Context,
): Reply | undefined {
  const { host, origin } = request.headers;
  if (behaviour.checksHost !== false && host !== new URL(context.origin).host) return { status: 403 };
  if (behaviour.checksOrigin !== false && origin !== undefined && origin !== context.origin)
    return { status: 403 };
  if (request.method === "OPTIONS") return behaviour.preflight?.(request, context) ?? preflight;
  if (behaviour.takesFirstToken && request.headers.authorization !== undefined) {
    request.headers.authorization = request.headers.authorization.split(/,| Bearer/)[0];
    return claimsOf(request.headers.authorization?.slice(7) ?? "") === undefined
      ? { status: 401 }
      : undefined;
  }
  const lines = request.rawHeaders.filter(
    (name, at) => at % 2 === 0 && name.toLowerCase() === "authorization",
  );
  const authorization = request.headers.authorization ?? "";
  if (lines.length > 1 || authorization.includes(",")) {
    const header = `${context.challenge}, error="invalid_request"`;
    return { status: 400, headers: { "www-authenticate": header } };
  }
  const token = /^Bearer +(.*)$/i.exec(authorization)?.[1];
  if (token === undefined) {
    return behaviour.withoutToken?.(request, context) ?? unauthorized(context.challenge);
  }
  if (behaviour.acceptsAnyToken || (!behaviour.refusesGoodTokens && claimsOf(token) !== undefined))
    return undefined;
  return (
    behaviour.badToken?.(request, context, token) ??
    unauthorized(
      `${context.challenge}, error="invalid_token", error_description="The access token is invalid or expired"`,
    )
  );
}

const preflight: Reply = {
  status: 204,
  headers: {
    "access-control-allow-methods": "POST, GET, DELETE, OPTIONS",
    "access-control-allow-headers":
      "Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Method, Mcp-Name",
  },
};

export function unauthorized(challenge: string): Reply {
  return { status: 401, headers: { "www-authenticate": challenge } };
}

function insufficient(scope: string, { challenge }: Context): Reply {
  const header = challenge.replace(/scope="[^"]*"/, `scope="todo:read ${scope}", error="insufficient_scope"`);
  return { status: 403, headers: { "www-authenticate": header } };
}

/** Claims of a token that was signed by someone; the model trusts the shape, its tests never forge signatures. */
function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  const [header = "", payload = "", signature = ""] = token.split(".");
  try {
    const { alg, kid } = JSON.parse(Buffer.from(header, "base64url").toString());
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
    return alg === "RS256" &&
      kid === "k1" &&
      /^[\w-]{300,}$/.test(signature) &&
      claims.exp > Date.now() / 1000
      ? claims
      : undefined;
  } catch {
    return undefined;
  }
}

function scopesOf(authorization: string | undefined): readonly string[] {
  const token = /^Bearer +(.*)$/i.exec(authorization ?? "")?.[1] ?? "";
  return String(claimsOf(token)?.scope ?? "").split(" ");
}

function scopeFor(body: string): string | undefined {
  if (body.startsWith("[")) return undefined;
  try {
    const message = JSON.parse(body);
    if (message.method !== "tools/call") return "todo:read";
    return readers.includes(message.params?.name) ? "todo:read" : "todo:write";
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, { status, headers = {}, body = "" }: Reply): void {
  response.writeHead(status, headers as Record<string, string | string[]>).end(body);
}
