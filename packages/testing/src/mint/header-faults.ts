import type { TokenMint } from "./token-mint.js";
import type { WrongToken } from "./wrong-token.js";

/** Wrong JOSE headers: parameters that ask for another key, another rule, another kind of token. */
export type HeaderFault =
  | "critKnownClaim"
  | "critUnknown"
  | "critEmpty"
  | "critNotAnArray"
  | "b64WithCrit"
  | "b64WithoutCrit"
  | "embeddedJwk"
  | "jku"
  | "jkuOfCloudMetadata"
  | "jkuOfFile"
  | "x5u"
  | "x5c"
  | "unknownKid"
  | "kidOfFile"
  | "kidOfDatabase"
  | "kidPrototype"
  | "kidObject"
  | "kidMissing"
  | "typIdJag"
  | "typDpop"
  | "typLogout"
  | "typIntrospection"
  | "typSecurityEvent"
  | "typClientAuthentication"
  | "typEntityStatement";

/** Right but for the header, signed with the issuer's key. */
const withHeader = (
  rows: readonly string[],
  title: string,
  why: string,
  header: (mint: TokenMint) => Record<string, unknown>,
): WrongToken => ({ rows, title, why, make: (mint) => mint.token({}, { header: header(mint) }) });

/** Signed by an attacker who says in the header where the key is. */
const byAttacker = (
  rows: readonly string[],
  title: string,
  header: (mint: TokenMint) => Record<string, unknown>,
): WrongToken => ({
  rows,
  title,
  why: "RFC 8725 §3.10: keys come from the issuer's configured key set, never from where a token points",
  make: (mint) => mint.sign({ alg: "ES256", typ: "at+jwt", ...header(mint) }, mint.claims(), mint.attacker),
});

const critical = (title: string, header: Record<string, unknown>, rows: readonly string[]): WrongToken =>
  withHeader(
    rows,
    title,
    "RFC 7515 §4.1.11: a token with a critical parameter that is not understood, or with a malformed crit, is invalid",
    () => header,
  );

const kid = (title: string, value: unknown): WrongToken =>
  withHeader(
    ["N020", "N022"],
    title,
    "RFC 7515 §4.1.4: kid is a string that names one of the issuer's keys, and nothing else",
    () => ({ kid: value }),
  );

const foreign = (typ: string): WrongToken =>
  withHeader(
    ["N059"],
    `a token of typ ${typ}, which is another kind of token`,
    "RFC 8725 §3.11: explicit types keep one kind of token from standing in for another",
    () => ({ typ }),
  );

export const headerFaults: Readonly<Record<HeaderFault, WrongToken>> = {
  critKnownClaim: critical("a token that makes exp a critical header", { crit: ["exp"] }, ["N014"]),
  critUnknown: critical("a token with an unknown critical header", { crit: ["foo"], foo: 1 }, ["N014"]),
  critEmpty: critical("a token whose crit is empty", { crit: [] }, ["N014"]),
  critNotAnArray: critical("a token whose crit is a string", { crit: "exp" }, ["N014"]),
  b64WithCrit: critical("a token with an unencoded payload", { b64: false, crit: ["b64"] }, ["N015"]),
  b64WithoutCrit: critical("a token with b64 outside of crit", { b64: false }, ["N016"]),
  embeddedJwk: byAttacker(["N017"], "a token that carries the key it was signed with (jwk)", (mint) => ({
    jwk: mint.attacker.publicJwk,
  })),
  jku: byAttacker(["N018"], "a token that says where its keys are (jku)", (mint) => ({
    jku: mint.forbiddenUrl,
    kid: mint.attacker.kid,
  })),
  jkuOfCloudMetadata: byAttacker(["N018"], "a token whose jku is the cloud's metadata service", () => ({
    jku: "http://169.254.169.254/latest/meta-data/",
  })),
  jkuOfFile: byAttacker(["N018"], "a token whose jku is a file", () => ({ jku: "file:///etc/passwd" })),
  x5u: byAttacker(["N018"], "a token that says where its certificate is (x5u)", (mint) => ({
    x5u: mint.forbiddenUrl,
    kid: mint.attacker.kid,
  })),
  x5c: byAttacker(["N019"], "a token that carries its own certificate (x5c)", () => ({
    x5c: [Buffer.from("certificate").toString("base64")],
  })),
  unknownKid: kid("a token whose kid the issuer does not have", "unheard-of"),
  kidOfFile: kid("a token whose kid is a path", "../../../../etc/passwd"),
  kidOfDatabase: kid("a token whose kid is SQL", "' UNION SELECT 'secret' --"),
  kidPrototype: kid("a token whose kid is __proto__", "__proto__"),
  kidObject: kid("a token whose kid is an object", { toString: "rs256" }),
  kidMissing: withHeader(
    ["N023"],
    "a token without kid where the issuer has several keys",
    "RFC 8725 §3.10: the key is the one that the issuer designates, not whichever happens to fit",
    () => ({ kid: undefined }),
  ),
  typIdJag: foreign("oauth-id-jag+jwt"),
  typDpop: foreign("dpop+jwt"),
  typLogout: foreign("logout+jwt"),
  typIntrospection: foreign("token-introspection+jwt"),
  typSecurityEvent: foreign("secevent+jwt"),
  typClientAuthentication: foreign("client-authentication+jwt"),
  typEntityStatement: foreign("entity-statement+jwt"),
};
