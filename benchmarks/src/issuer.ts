import { generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";

export const resource = "https://mcp.example.com/mcp";
export const scope = "todo:read";

/** What whoever verifies has to know; serializable, for it goes to other processes. */
export interface IssuerFacts {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly jwk: Record<string, unknown>;
  readonly pem: string;
}

const signAsync = promisify(sign) as (
  algorithm: string,
  data: Uint8Array,
  key: KeyObject,
) => Promise<Uint8Array>;

/** An authorization server that signs RS256 access tokens of about 1 KB (RFC 9068) and publishes its key. */
export class Issuer {
  /** How often the key set was asked for. */
  fetches = 0;
  /** Answers 503 for as long as it is set. */
  failing = false;
  readonly #server: Server;
  readonly #key: KeyObject;
  readonly #kid: string = randomUUID();
  readonly #publicKey: KeyObject;
  #origin = "";

  /** @param delay milliseconds that the key set takes */
  constructor(delay = 0) {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    this.#key = privateKey;
    this.#publicKey = publicKey;
    this.#server = createServer((request, response) => {
      const json = this.#documentAt(request.url ?? "/");
      const asksForKeys = request.url === "/keys";
      if (asksForKeys) this.fetches++;
      setTimeout(
        () => {
          if (json === undefined) response.writeHead(404).end();
          else if (asksForKeys && this.failing) response.writeHead(503).end();
          else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(json));
        },
        asksForKeys ? delay : 0,
      );
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.#server.unref();
    this.#origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  get facts(): IssuerFacts {
    return {
      issuer: this.#origin,
      jwksUri: `${this.#origin}/keys`,
      jwk: this.#jwk(),
      pem: this.#publicKey.export({ type: "spki", format: "pem" }) as string,
    };
  }

  /**
   * Signs on all cores; every token is another one.
   * @param kid names keys that are not published; default: the right one
   */
  async mint(count: number, kid?: () => string): Promise<string[]> {
    const tokens: string[] = [];
    while (tokens.length < count) {
      const some = Math.min(64, count - tokens.length);
      tokens.push(...(await Promise.all(Array.from({ length: some }, () => this.#token(kid?.())))));
    }
    return tokens;
  }

  async #token(kid: string = this.#kid): Promise<string> {
    const head = encoded({ alg: "RS256", kid, typ: "at+jwt" });
    const signed = `${head}.${encoded(claims(this.#origin))}`;
    const signature = await signAsync("sha256", Buffer.from(signed), this.#key);
    return `${signed}.${Buffer.from(signature).toString("base64url")}`;
  }

  #jwk(): Record<string, unknown> {
    return { ...this.#publicKey.export({ format: "jwk" }), kid: this.#kid, alg: "RS256", use: "sig" };
  }

  #documentAt(path: string): unknown {
    if (path === "/keys") return { keys: [this.#jwk()] };
    if (!path.startsWith("/.well-known/")) return undefined;
    return {
      issuer: this.#origin,
      authorization_endpoint: `${this.#origin}/authorize`,
      token_endpoint: `${this.#origin}/token`,
      jwks_uri: `${this.#origin}/keys`,
      response_types_supported: ["code"],
      grant_types_supported: ["authorization_code", "refresh_token"],
      code_challenge_methods_supported: ["S256"],
    };
  }
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function claims(issuer: string): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: issuer,
    sub: `usr_${randomUUID()}`,
    aud: [resource],
    client_id: `skc_${randomUUID()}`,
    iat: now - 5,
    nbf: now - 5,
    exp: now + 36_000,
    jti: `tkn_${randomUUID()}`,
    scope: "todo:read todo:write openid profile email",
    sid: `ses_${randomUUID()}`,
    oid: `org_${randomUUID()}`,
    roles: ["member", "editor"],
    permissions: ["todos.create", "todos.delete", "members.invite"],
    amr: ["pwd", "otp"],
    auth_time: now - 60,
    xoid: "customer-4711",
    xuid: "person-0815",
  };
}
