import { createPublicKey, type KeyObject, randomUUID } from "node:crypto";
import { type AddressFault, addressFaults } from "./address-faults.js";
import { type AlgorithmFault, algorithmFaults } from "./algorithm-faults.js";
import { type ClaimFault, claimFaults } from "./claim-faults.js";
import { type JsonOrText, type Signer, signCompact } from "./compact-jws.js";
import { type EncodingFault, encodingFaults } from "./encoding-faults.js";
import { type HeaderFault, headerFaults } from "./header-faults.js";
import { type Fetches, KeyServer, type Outage } from "./key-server.js";
import {
  type Algorithm,
  allAlgorithms,
  type DecoyKeys,
  generateDecoyKeys,
  generateKey,
  generateSigningKeys,
  KeyRing,
  type MintKey,
} from "./keys.js";
import { OpaqueTokens } from "./opaque-tokens.js";
import type { WrongToken } from "./wrong-token.js";

/** Names of the wrong tokens that a mint makes. */
export type WrongTokenName = AlgorithmFault | HeaderFault | EncodingFault | ClaimFault | AddressFault;

/** Every kind of wrong token: what it is, and the standard's reason to refuse it. */
export const wrongTokens: Readonly<Record<WrongTokenName, WrongToken>> = {
  ...algorithmFaults,
  ...headerFaults,
  ...encodingFaults,
  ...claimFaults,
  ...addressFaults,
};

export interface TokenMintOptions {
  /** `iss` of the tokens. Default: the key server's own origin, on a loopback port. */
  readonly issuer?: string;
  /** `aud` of the tokens: the resource. Default: `https://mcp.example.com/mcp`. */
  readonly audience?: string;
  /** `scope` of the tokens. Default: `todo:read`. */
  readonly scope?: string;
  /** Seconds from issue to expiry. Default: 600. */
  readonly lifetime?: number;
  /** What it can sign with; tokens are signed with the first unless they say otherwise. Default: all, RS256 first. */
  readonly algorithms?: readonly Algorithm[];
  /** Publish broken, weak and foreign keys beside the good ones. Default: false. */
  readonly decoyKeys?: boolean;
  /** Who may introspect, by HTTP Basic (RFC 7662 §2.1). Default: anybody. */
  readonly introspectionClient?: { readonly id: string; readonly secret: string };
}

/** Claims that differ from a good token's; `undefined` leaves a claim out. */
export type Claims = Readonly<Record<string, unknown>>;

export interface TokenShape {
  /** Default: the mint's first. */
  readonly algorithm?: Algorithm;
  /** Header parameters that differ from a good token's; `undefined` leaves one out. */
  readonly header?: Readonly<Record<string, unknown>>;
}

/** An issuer in process, with a real HTTP server for its keys on a loopback port. */
export interface TokenMint {
  readonly issuer: string;
  readonly audience: string;
  /** The key set (RFC 7517 §5). */
  readonly jwksUri: string;
  /** Token introspection (RFC 7662). */
  readonly introspectionEndpoint: string;
  /** A URL that nothing may ever fetch; `fetches.forbidden` counts. */
  readonly forbiddenUrl: string;
  /**
   * The key that tokens are signed with now.
   * @throws {RangeError} for an algorithm that this mint was not made with.
   */
  key(algorithm?: Algorithm): MintKey;
  /** An ES256 key that the issuer knows nothing of. */
  readonly attacker: MintKey;
  /** @throws {Error} when the mint was made without `decoyKeys`. */
  readonly decoys: DecoyKeys;
  readonly fetches: Readonly<Fetches>;
  publicKey(algorithm: Algorithm): KeyObject;
  /** The claims of a good token (RFC 9068 §2.2), with what is to differ. */
  claims(differing?: Claims): Record<string, unknown>;
  /** A good token, but for what is to differ. */
  token(differing?: Claims, shape?: TokenShape): string;
  /** A token that is wrong in one way. */
  wrong(name: WrongTokenName): string;
  /** Signs header and payload as they stand. */
  sign(header: JsonOrText, payload: JsonOrText, signer: Signer): string;
  /** A token that only introspection understands; the answer is a good token's claims, but for what is to differ. */
  opaque(differing?: Claims): string;
  /** From now on, introspection says that this token is not active. */
  revoke(token: string): void;
  /** Signs with a new key from now on; the old one stays published until `removeKey`. */
  rotate(algorithm?: Algorithm): Promise<MintKey>;
  /** Takes a key out of the key set. */
  removeKey(kid: string): void;
  /** Puts the whole server out of order, until `restore`. */
  outage(kind: Outage): Promise<void>;
  restore(): Promise<void>;
  resetFetches(): void;
  close(): Promise<void>;
}

/**
 * Starts a mint.
 *
 * @example
 * const mint = await createTokenMint({ audience: "https://mcp.example.com/mcp" });
 * const provider = jwt({ issuer: mint.issuer, jwksUri: mint.jwksUri });
 * const token = mint.token({ sub: "alice", scope: "todo:read todo:write" });
 * const expired = mint.wrong("expired");
 */
export async function createTokenMint(options: TokenMintOptions = {}): Promise<TokenMint> {
  const server = new KeyServer();
  const name = randomUUID().slice(0, 8);
  const algorithms = options.algorithms ?? allAlgorithms;
  const [keys, attacker] = await Promise.all([
    generateSigningKeys(name, algorithms),
    generateKey("ES256", "attacker"),
    server.listen(),
  ]);
  const ring = new KeyRing(name, algorithms, keys);
  const decoys = options.decoyKeys ? await generateDecoyKeys(ring.key().kid) : undefined;
  const opaque = new OpaqueTokens(options.introspectionClient);
  const issuer = options.issuer ?? server.origin;
  const claims = claimsOf(issuer, options);

  const mint: TokenMint = {
    issuer,
    audience: options.audience ?? defaultAudience,
    jwksUri: `${server.origin}/keys`,
    introspectionEndpoint: `${server.origin}/introspect`,
    forbiddenUrl: `${server.origin}/forbidden/keys`,
    fetches: server.fetches,
    attacker,
    get decoys() {
      if (decoys === undefined) throw new Error("This token needs a mint made with { decoyKeys: true }.");
      return decoys;
    },
    claims,
    key: (algorithm) => ring.key(algorithm),
    publicKey: (algorithm) => createPublicKey(ring.key(algorithm).privateKey),
    token(differing, { algorithm, header } = {}) {
      const key = ring.key(algorithm);
      return signCompact(
        { alg: key.algorithm, typ: "at+jwt", kid: key.kid, ...header },
        claims(differing),
        key,
      );
    },
    wrong: (wrong) => wrongTokens[wrong].make(mint),
    sign: signCompact,
    opaque: (differing) => opaque.issue({ active: true, ...claims(differing) }),
    revoke: (token) => opaque.revoke(token),
    rotate: (algorithm) => ring.rotate(algorithm),
    removeKey: (kid) => ring.remove(kid),
    outage: (kind) => server.outage(kind),
    restore: () => server.restore(),
    resetFetches: () => server.reset(),
    close: () => server.close(),
  };
  publish(server, mint, () => [...ring.published(), ...(decoys?.published ?? [])]);
  server.on("/introspect", "introspection", (request, body) => opaque.introspect(request, body));
  return mint;
}

const defaultAudience = "https://mcp.example.com/mcp";

/** Claims of an access token (RFC 9068 §2.2). */
function claimsOf(
  issuer: string,
  options: TokenMintOptions,
): (differing?: Claims) => Record<string, unknown> {
  const { audience: aud = defaultAudience, scope = "todo:read", lifetime = 600 } = options;
  return (differing = {}) => {
    const iat = Math.floor(Date.now() / 1000);
    const who = { sub: "user_1", client_id: "client_1", scope };
    return { iss: issuer, aud, exp: iat + lifetime, iat, jti: randomUUID(), ...who, ...differing };
  };
}

function publish(server: KeyServer, mint: TokenMint, keys: () => readonly unknown[]): void {
  const path = new URL(mint.issuer).pathname.replace(/\/$/, "");
  const metadata = () => ({
    json: {
      issuer: mint.issuer,
      jwks_uri: mint.jwksUri,
      introspection_endpoint: mint.introspectionEndpoint,
      authorization_endpoint: `${server.origin}/authorize`,
      token_endpoint: `${server.origin}/token`,
      response_types_supported: ["code"],
      code_challenge_methods_supported: ["S256"],
    },
  });
  // RFC 8414 §3.1 inserts the well-known segment before the path; OpenID Connect Discovery §4 puts it behind.
  server.on(`/.well-known/oauth-authorization-server${path}`, "metadata", metadata);
  server.on(`${path}/.well-known/openid-configuration`, "metadata", metadata);
  server.on("/keys", "keys", () => ({ json: { keys: keys() } }));
  server.on("/forbidden/keys", "forbidden", () => ({ json: { keys: [mint.attacker.publicJwk] } }));
}
