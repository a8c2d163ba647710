import type { TokenMint } from "./token-mint.js";
import type { WrongToken } from "./wrong-token.js";

/** Wrong signature algorithms and wrong keys (RFC 8725 §3.1 to §3.5, RFC 7518 §3). */
export type AlgorithmFault =
  | "algNone"
  | "algNoneCapitalised"
  | "algNoneUpperCase"
  | "algNoneMixedCase"
  | "hs256WithPublicKeyPem"
  | "hs256WithPublicKeyPemTrimmed"
  | "hs256WithPublicKeyDer"
  | "hs256WithPublicKeyJwk"
  | "ps256WithRs256Key"
  | "algMissing"
  | "algNumber"
  | "algArray"
  | "algNull"
  | "ecdsaZeroSignature"
  | "ecdsaShortSignature"
  | "ecdsaDerSignature"
  | "weakRsaKey"
  | "encryptionKey"
  | "keyOperationsWithoutVerify"
  | "octKeyFromKeySet"
  | "badSignature";

const header = (mint: TokenMint, change: Record<string, unknown>): Record<string, unknown> => ({
  alg: "RS256",
  typ: "at+jwt",
  kid: mint.key("RS256").kid,
  ...change,
});

const unsecured = (alg: string, title: string, rows: readonly string[]): WrongToken => ({
  title,
  why: "RFC 8725 §3.2: use only algorithms that are deemed secure; unsecured JWTs are not accepted",
  rows,
  make: (mint) => mint.sign(header(mint, { alg }), mint.claims(), { signature: Buffer.alloc(0) }),
});

const publicKeyAsSecret = (form: string, secret: (mint: TokenMint) => Uint8Array): WrongToken => ({
  title: `an HS256 token whose secret is the issuer's public key (${form})`,
  why: "RFC 8725 §3.1: the algorithm of a key is fixed beforehand, never taken from the token",
  rows: ["N003"],
  make: (mint) => mint.sign(header(mint, { alg: "HS256" }), mint.claims(), { secret: secret(mint) }),
});

const algOf = (alg: unknown, title: string): WrongToken => ({
  title,
  why: "RFC 7515 §4.1.1: alg is present and is a string",
  rows: ["N006"],
  make: (mint) => mint.sign(header(mint, { alg }), mint.claims(), mint.key("RS256")),
});

const ecdsa = (title: string, signature: (good: Buffer) => Uint8Array): WrongToken => ({
  title,
  why: "RFC 7518 §3.4: an ES256 signature is R and S, each 32 octets and neither of them zero",
  rows: ["N007"],
  make: (mint) => {
    const good = mint.token({}, { algorithm: "ES256" }).split(".");
    const wrong = signature(Buffer.from(good[2] as string, "base64url"));
    return `${good[0]}.${good[1]}.${Buffer.from(wrong).toString("base64url")}`;
  },
});

const publicKey = (mint: TokenMint, type: "pem" | "der"): Buffer =>
  Buffer.from(mint.publicKey("RS256").export({ type: "spki", format: type as "der" }));

export const algorithmFaults: Readonly<Record<AlgorithmFault, WrongToken>> = {
  algNone: unsecured("none", "an unsigned token (alg none)", ["N001"]),
  algNoneCapitalised: unsecured("None", "an unsigned token (alg None)", ["N002"]),
  algNoneUpperCase: unsecured("NONE", "an unsigned token (alg NONE)", ["N002"]),
  algNoneMixedCase: unsecured("nOnE", "an unsigned token (alg nOnE)", ["N002"]),
  hs256WithPublicKeyPem: publicKeyAsSecret("PEM", (mint) => publicKey(mint, "pem")),
  hs256WithPublicKeyPemTrimmed: publicKeyAsSecret("PEM without its last newline", (mint) =>
    Buffer.from(publicKey(mint, "pem").toString().trimEnd()),
  ),
  hs256WithPublicKeyDer: publicKeyAsSecret("DER", (mint) => publicKey(mint, "der")),
  hs256WithPublicKeyJwk: publicKeyAsSecret("JWK", (mint) =>
    Buffer.from(JSON.stringify(mint.key("RS256").publicJwk)),
  ),
  ps256WithRs256Key: {
    title: "a PS256 token signed with a key that is published for RS256",
    why: "RFC 7517 §4.4: alg names the algorithm that the key is for; RFC 8725 §3.1",
    rows: ["N004"],
    make: (mint) =>
      mint.sign(header(mint, { alg: "PS256" }), mint.claims(), { ...mint.key("RS256"), algorithm: "PS256" }),
  },
  algMissing: algOf(undefined, "a token without alg"),
  algNumber: algOf(256, "a token whose alg is a number"),
  algArray: algOf(["RS256"], "a token whose alg is an array"),
  algNull: algOf(null, "a token whose alg is null"),
  ecdsaZeroSignature: ecdsa("an ES256 token whose signature is all zeros", () => Buffer.alloc(64)),
  ecdsaShortSignature: ecdsa("an ES256 token whose signature is too short", (good) => good.subarray(0, 63)),
  ecdsaDerSignature: ecdsa("an ES256 token whose signature is DER encoded", derOf),
  weakRsaKey: {
    title: "a token signed with an RSA key of 1024 bits that the issuer publishes",
    why: "RFC 7518 §3.3: RSA keys have 2048 bits or more",
    rows: ["N008"],
    make: (mint) => mint.sign(header(mint, { kid: mint.decoys.weak.kid }), mint.claims(), mint.decoys.weak),
  },
  encryptionKey: {
    title: "a token signed with a key that is published for encryption",
    why: "RFC 7517 §4.2: use says what a public key is for",
    rows: ["N009"],
    make: (mint) => {
      const key = mint.decoys.encryption;
      return mint.sign(header(mint, { alg: "ES256", kid: key.kid }), mint.claims(), key);
    },
  },
  keyOperationsWithoutVerify: {
    title: "a token signed with a key whose key_ops do not hold verify",
    why: "RFC 7517 §4.3: key_ops says which operations a key is for",
    rows: ["N009"],
    make: (mint) => {
      const key = mint.decoys.operations;
      return mint.sign(header(mint, { alg: "ES256", kid: key.kid }), mint.claims(), key);
    },
  },
  octKeyFromKeySet: {
    title: "an HS256 token whose secret stands in the issuer's key set",
    why: "RFC 8725 §3.1: HS256 is not among the allowed algorithms, whatever a key set says",
    rows: ["N010"],
    make: (mint) =>
      mint.sign(header(mint, { alg: "HS256", kid: "decoy-oct" }), mint.claims(), {
        secret: mint.decoys.symmetric,
      }),
  },
  badSignature: {
    title: "a token that somebody else signed under the issuer's kid",
    why: "RFC 7515 §5.2: the signature is validated with the issuer's key",
    rows: ["N022"],
    make: (mint) => mint.sign(header(mint, {}), mint.claims(), mint.attacker),
  },
};

/** The same signature as a DER SEQUENCE of two INTEGERs, the form that X.509 tools make. */
function derOf(raw: Buffer): Buffer {
  const integers = [raw.subarray(0, 32), raw.subarray(32)].map((value) => {
    const positive = (value[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.alloc(1), value]) : value;
    return Buffer.concat([Buffer.from([2, positive.length]), positive]);
  });
  const content = Buffer.concat(integers);
  return Buffer.concat([Buffer.from([0x30, content.length]), content]);
}
