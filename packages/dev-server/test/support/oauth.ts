import { createHash, randomBytes } from "node:crypto";
import type { DevServer, RegisteredServer } from "../../src/index.js";

export const REDIRECT = "http://127.0.0.1:8976/callback";

export interface Endpoints {
  readonly authorize: string;
  readonly token: string;
  readonly register: string;
}

export function endpoints(dev: DevServer, server: RegisteredServer): Endpoints {
  return {
    authorize: `${dev.url}/resources/${server.id}/oauth/authorize`,
    token: `${dev.url}/resources/${server.id}/oauth/token`,
    register: `${dev.url}/api/v1/resources/${server.id}/clients:register`,
  };
}

export function theServer(dev: DevServer): RegisteredServer {
  const [server] = dev.servers;
  if (!server) throw new Error("no server is registered");
  return server;
}

export type Json = Record<string, unknown>;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

export async function call(url: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url, { redirect: "manual", ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parse(text) };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return { text };
  }
}

export function postJson(url: string, body: unknown): Promise<Reply> {
  const headers = { "content-type": "application/json" };
  return call(url, { method: "POST", headers, body: JSON.stringify(body) });
}

export function postForm(
  url: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Reply> {
  return call(url, { method: "POST", headers, body: new URLSearchParams(form) });
}

export async function registerClient(dev: DevServer, metadata: Json = {}): Promise<string> {
  const { register } = endpoints(dev, theServer(dev));
  const reply = await postJson(register, {
    client_name: "Test client",
    redirect_uris: [REDIRECT],
    ...metadata,
  });
  if (reply.status !== 201) throw new Error(JSON.stringify(reply.body));
  return String(reply.body.client_id);
}

export interface Pkce {
  readonly verifier: string;
  readonly challenge: string;
}

export function newPkce(): Pkce {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

export function authorizeUrl(
  endpoint: string,
  challenge: string,
  params: Record<string, string | undefined>,
): string {
  const query = new URLSearchParams();
  const all = {
    response_type: "code",
    redirect_uri: REDIRECT,
    code_challenge: challenge,
    code_challenge_method: "S256",
    state: "state-1",
    ...params,
  };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) query.set(name, value);
  return `${endpoint}?${query}`;
}

/** The parameters that the authorization server sent back to the redirect URI. */
export async function authorize(
  endpoint: string,
  challenge: string,
  params: Record<string, string | undefined>,
): Promise<URLSearchParams> {
  const reply = await call(authorizeUrl(endpoint, challenge, params));
  const location = reply.headers.get("location");
  if (location === null) throw new Error(`no redirect: ${reply.status} ${JSON.stringify(reply.body)}`);
  return new URL(location).searchParams;
}

export interface Login {
  readonly clientId: string;
  readonly tokens: Json;
}

/** A whole login with automatic approval, at the MCP server's own endpoints. */
export async function login(dev: DevServer, params: Record<string, string | undefined> = {}): Promise<Login> {
  const server = theServer(dev);
  const { authorize: endpoint, token } = endpoints(dev, server);
  const clientId = params.client_id ?? (await registerClient(dev));
  const pkce = newPkce();
  const resource = server.metadata.resource;
  const answer = await authorize(endpoint, pkce.challenge, { client_id: clientId, resource, ...params });
  const reply = await postForm(token, {
    grant_type: "authorization_code",
    code: answer.get("code") ?? "",
    code_verifier: pkce.verifier,
    redirect_uri: params.redirect_uri ?? REDIRECT,
    client_id: clientId,
    resource,
  });
  if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
  return { clientId, tokens: reply.body };
}

export function headerOf(jwt: unknown): Json {
  return part(jwt, 0);
}

export function claimsOf(jwt: unknown): Json {
  return part(jwt, 1);
}

function part(jwt: unknown, index: number): Json {
  const text = Buffer.from(String(jwt).split(".")[index] ?? "", "base64url").toString("utf8");
  return JSON.parse(text) as Json;
}
