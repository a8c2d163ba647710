import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Resource, resourceOf } from "../../src/resource.js";

export const ISS = "https://as.example.com";
export const RES = "https://mcp.example.com/mcp";
export const resource: Resource = resourceOf(RES);

const b64 = (value: string | Uint8Array): string => Buffer.from(value).toString("base64url");

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: Record<string, unknown>;
}

/** A key pair as an authorization server has it. */
export function signingKey(alg = "RS256", kid = `key-${alg}`, bits = 2048): SigningKey {
  const pair = alg.startsWith("ES")
    ? generateKeyPairSync("ec", {
        namedCurve: { ES256: "P-256", ES384: "P-384", ES512: "P-521" }[alg] as string,
      })
    : alg === "EdDSA" || alg === "Ed25519"
      ? generateKeyPairSync("ed25519")
      : generateKeyPairSync("rsa", { modulusLength: bits });
  const jwk = { ...pair.publicKey.export({ format: "jwk" }), kid, alg, use: "sig" };
  return { kid, alg, ...pair, jwk };
}

export const rsa: SigningKey = signingKey("RS256");
export const ec: SigningKey = signingKey("ES256");
export const ed: SigningKey = signingKey("EdDSA");

export function now(): number {
  return Math.floor(Date.now() / 1000);
}

export function claims(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    iss: ISS,
    aud: RES,
    sub: "user_1",
    client_id: "client_1",
    scope: "todo:read todo:write",
    iat: now(),
    exp: now() + 300,
    jti: "jti_1",
    ...overrides,
  };
}

export function signature(alg: string, key: KeyObject, signed: string): Buffer {
  const data = Buffer.from(signed);
  const digest = `sha${alg.slice(-3)}`;
  if (alg.startsWith("PS"))
    return sign(digest, data, { key, padding: 6, saltLength: Number(alg.slice(-3)) / 8 });
  if (alg.startsWith("ES")) return sign(digest, data, { key, dsaEncoding: "ieee-p1363" });
  return sign(alg.startsWith("RS") ? digest : null, data, key);
}

/** A token whose header and payload are given as they are: objects as JSON, strings and bytes verbatim. */
export function signedToken(
  payload: unknown = claims(),
  header: Record<string, unknown> | string = {},
  key: SigningKey = rsa,
): string {
  const headerText =
    typeof header === "string"
      ? header
      : JSON.stringify({ alg: key.alg, kid: key.kid, typ: "at+jwt", ...header });
  const body =
    typeof payload === "string" || payload instanceof Uint8Array ? payload : JSON.stringify(payload);
  const signed = `${b64(headerText)}.${b64(body)}`;
  const { alg = key.alg } = typeof header === "string" ? {} : (header as { alg?: string });
  const how = ["RSA", "RS", "PS", "ES", "Ed"].some((start) => String(alg).startsWith(start)) ? alg : key.alg;
  return `${signed}.${b64(signature(how, key.privateKey, signed))}`;
}

export function hmacToken(secret: string | Buffer, kid: string, payload: unknown = claims()): string {
  const signed = `${b64(JSON.stringify({ alg: "HS256", kid, typ: "at+jwt" }))}.${b64(JSON.stringify(payload))}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

export function jwks(...keys: readonly SigningKey[]): { keys: Record<string, unknown>[] } {
  return { keys: keys.map(({ jwk }) => jwk) };
}

export type Route = (request: IncomingMessage, response: ServerResponse) => void;

export interface LocalServer {
  readonly origin: string;
  /** Path of each request that came, in order. */
  readonly requests: string[];
  route: Route;
  close(): Promise<void>;
}

/** A real server on a real socket, whose behaviour can be changed while it runs. */
export async function localServer(route: Route): Promise<LocalServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    local.route(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const local: LocalServer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    route,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return local;
}

export function json(body: unknown, status = 200): Route {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
}
