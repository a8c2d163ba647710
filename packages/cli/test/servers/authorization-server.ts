import { createHash, createSign, generateKeyPairSync, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { listen, type Running } from "./listen.js";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const keys = { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k1", alg: "RS256", use: "sig" }] };

const registered = {
  client_id: "registered-1",
  redirect_uris: ["http://127.0.0.1/callback"],
  token_endpoint_auth_method: "none",
};

export interface ServerBehaviour {
  /** Changes to the metadata; undefined removes a member. */
  readonly metadata: (issuer: string) => Readonly<Record<string, unknown>>;
  /** Where the metadata is; default the RFC 8414 location. */
  readonly locations: readonly string[];
  readonly keys: unknown;
  /** `iss` of the authorization response; undefined leaves it out. */
  readonly responseIssuer: (issuer: string) => string | undefined;
  /** Changes to the claims of an access token. */
  readonly claims: (claims: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  readonly tokenHeaders: Readonly<Record<string, string>>;
  readonly tokenType: string;
  /** Changes to the token response. */
  readonly tokenBody: Readonly<Record<string, unknown>>;
}

export interface AuthorizationServer extends Running {
  readonly issuer: string;
  /** What clients sent to the token endpoint, newest last. */
  readonly tokenRequests: URLSearchParams[];
  readonly authorizationRequests: URLSearchParams[];
  /** A token as the token endpoint would issue it. */
  mint(scope: string, resource: string, claims?: Readonly<Record<string, unknown>>): string;
}

/** A well-behaved authorization server that approves by itself; `behaviour` makes it misbehave. */
export async function startAuthorizationServer(
  behaviour: Partial<ServerBehaviour> = {},
): Promise<AuthorizationServer> {
  const codes = new Map<string, { challenge: string; scope: string; resource: string; redirect: string }>();
  const tokenRequests: URLSearchParams[] = [];
  const authorizationRequests: URLSearchParams[] = [];
  const locations = behaviour.locations ?? ["/.well-known/oauth-authorization-server"];

  const mint: AuthorizationServer["mint"] = (scope, resource, claims = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const standard = { iss: server.origin, aud: resource, sub: "user-1", client_id: "client-1", iat: now };
    const all = { ...standard, exp: now + 600, jti: randomUUID(), scope, ...claims };
    const header = { alg: "RS256", typ: behaviour.tokenType ?? "at+jwt", kid: "k1" };
    const input = [header, behaviour.claims?.(all) ?? all]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    return `${input}.${createSign("RSA-SHA256").update(input).sign(privateKey).toString("base64url")}`;
  };

  const authorize = (query: URLSearchParams, response: ServerResponse): void => {
    authorizationRequests.push(query);
    const code = randomUUID();
    const redirect = query.get("redirect_uri") ?? "";
    codes.set(code, {
      challenge: query.get("code_challenge") ?? "",
      scope: query.get("scope") ?? "",
      resource: query.get("resource") ?? "",
      redirect,
    });
    const location = new URL(redirect);
    location.searchParams.set("code", code);
    location.searchParams.set("state", query.get("state") ?? "");
    const iss = (behaviour.responseIssuer ?? ((issuer) => issuer))(server.origin);
    if (iss !== undefined) location.searchParams.set("iss", iss);
    response.writeHead(302, { location: location.href }).end();
  };

  const token = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = new URLSearchParams(await text(request));
    tokenRequests.push(form);
    const headers = {
      "content-type": "application/json",
      ...(behaviour.tokenHeaders ?? { "cache-control": "no-store" }),
    };
    const grant = grantOf(form, codes);
    if (grant === undefined) {
      response.writeHead(400, headers).end(JSON.stringify({ error: "invalid_grant" }));
      return;
    }
    const body = {
      access_token: mint(grant.scope, grant.resource),
      token_type: "Bearer",
      expires_in: 600,
      scope: grant.scope,
      ...behaviour.tokenBody,
    };
    response.writeHead(200, headers).end(JSON.stringify(body));
  };

  const server = await listen((request, response) => {
    const url = new URL(request.url ?? "/", server.origin);
    const json = (status: number, value: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    };
    if (locations.includes(url.pathname)) json(200, metadataOf(server.origin, behaviour));
    else if (url.pathname === "/keys") json(200, behaviour.keys ?? keys);
    else if (url.pathname === "/register") json(201, registered);
    else if (url.pathname === "/authorize") authorize(url.searchParams, response);
    else if (url.pathname === "/token") void token(request, response);
    else if (url.pathname === "/loop") response.writeHead(302, { location: "/loop" }).end();
    else if (url.pathname === "/refuse")
      json(400, { error: "invalid_target", error_description: "unknown resource" });
    else json(404, { error: "not_found" });
  });
  return { ...server, issuer: server.origin, mint, tokenRequests, authorizationRequests };
}

function metadataOf(issuer: string, behaviour: Partial<ServerBehaviour>): unknown {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    registration_endpoint: `${issuer}/register`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ["code"],
    grant_types_supported: ["authorization_code", "refresh_token", "client_credentials"],
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: ["none", "client_secret_basic", "client_secret_post"],
    client_id_metadata_document_supported: true,
    authorization_response_iss_parameter_supported: true,
    scopes_supported: ["todo:read", "todo:write"],
    ...behaviour.metadata?.(issuer),
  };
}

function grantOf(
  form: URLSearchParams,
  codes: Map<string, { challenge: string; scope: string; resource: string; redirect: string }>,
): { scope: string; resource: string } | undefined {
  if (form.get("grant_type") === "client_credentials") {
    return { scope: form.get("scope") ?? "", resource: form.get("resource") ?? "" };
  }
  const grant = codes.get(form.get("code") ?? "");
  codes.delete(form.get("code") ?? "");
  const verifier = createHash("sha256")
    .update(form.get("code_verifier") ?? "")
    .digest("base64url");
  return grant !== undefined && grant.challenge === verifier && grant.redirect === form.get("redirect_uri")
    ? grant
    : undefined;
}

export async function text(request: IncomingMessage): Promise<string> {
  let all = "";
  for await (const chunk of request) all += String(chunk);
  return all;
}
