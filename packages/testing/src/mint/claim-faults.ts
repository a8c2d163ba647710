import type { TokenMint } from "./token-mint.js";
import type { WrongToken } from "./wrong-token.js";

/** Wrong claims other than `iss` and `aud`: time, subject, kind of token (RFC 7519 §4.1, RFC 9068 §2.2). */
export type ClaimFault =
  | "noExp"
  | "expired"
  | "expString"
  | "expBoolean"
  | "expNegative"
  | "infiniteExp"
  | "infiniteNbf"
  | "notYetValid"
  | "issuedInFuture"
  | "idToken"
  | "idTokenWithType"
  | "refreshToken"
  | "boundToKey"
  | "boundToCertificate"
  | "subjectMissing"
  | "subjectEmpty"
  | "subjectNumber"
  | "subjectWithNul"
  | "subjectWithNewline";

const now = (): number => Math.floor(Date.now() / 1000);

const claims = (
  rows: readonly string[],
  title: string,
  why: string,
  change: (mint: TokenMint) => Record<string, unknown>,
): WrongToken => ({ rows, title, why, make: (mint) => mint.token(change(mint)) });

/** Numbers that JSON can write and that `JSON.stringify` cannot. */
const literal = (
  rows: readonly string[],
  title: string,
  claim: "exp" | "nbf",
  number: string,
): WrongToken => ({
  rows,
  title,
  why: "RFC 7519 §2: a NumericDate is a number of seconds; 1e400 is Infinity to JSON.parse and would never pass",
  make: (mint) => {
    const text = JSON.stringify(mint.claims({ [claim]: undefined })).replace("{", `{"${claim}":${number},`);
    return mint.sign({ alg: "RS256", typ: "at+jwt", kid: mint.key("RS256").kid }, text, mint.key("RS256"));
  },
});

/** As issuers write them who do not mark access tokens with a type of their own. */
const foreign = (row: string, title: string, differing: Record<string, unknown>): WrongToken => ({
  rows: [row],
  title,
  why: "OpenID Connect Core §2, RFC 8725 §3.12: an ID token or refresh token is no access token",
  make: (mint) => mint.token(differing, { header: { typ: "JWT" } }),
});

const expiry = "RFC 9068 §2.2 and §4: exp is required, is a NumericDate, and lies ahead";
const subject =
  "RFC 9068 §2.2: sub is required; RFC 7519 §4.1.2: it is a string that identifies the principal";
const bound = "RFC 9449 §7.1, RFC 8705 §3: a token bound to a key is not accepted as a plain bearer token";

export const claimFaults: Readonly<Record<ClaimFault, WrongToken>> = {
  noExp: claims(["N039"], "a token without exp", expiry, () => ({ exp: undefined })),
  expired: claims(["N040"], "an expired token", expiry, () => ({ exp: now() - 120, iat: now() - 720 })),
  expString: claims(["N041"], "a token whose exp is a string", expiry, () => ({ exp: `${now() + 600}` })),
  expBoolean: claims(["N041"], "a token whose exp is true", expiry, () => ({ exp: true })),
  expNegative: claims(["N041"], "a token whose exp is negative", expiry, () => ({ exp: -1 })),
  infiniteExp: literal(["N041"], "a token that never expires (exp 1e400)", "exp", "1e400"),
  infiniteNbf: literal(["N041"], "a token that was always valid (nbf -1e400)", "nbf", "-1e400"),
  notYetValid: claims(
    ["N042"],
    "a token that is not valid yet",
    "RFC 7519 §4.1.5: before nbf the token is not accepted",
    () => ({ nbf: now() + 300 }),
  ),
  issuedInFuture: claims(
    ["N043"],
    "a token that was issued in the future",
    "RFC 7519 §4.1.6: iat is when the token was issued",
    () => ({ iat: now() + 300 }),
  ),
  idToken: foreign("N057", "an ID token", {
    nonce: "n-0S6_WzA2Mj",
    at_hash: "77QmUPtjPfzWtF2AnpK9RQ",
  }),
  idTokenWithType: foreign("N057", "an ID token that says so in its payload", { typ: "ID" }),
  refreshToken: foreign("N058", "a refresh token that says so in its payload", { typ: "Refresh" }),
  boundToKey: claims(["N062"], "a token that is bound to a DPoP key", bound, () => ({
    cnf: { jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" },
  })),
  boundToCertificate: claims(["N062"], "a token that is bound to a certificate", bound, () => ({
    cnf: { "x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2" },
  })),
  subjectMissing: claims(["N063"], "a token without sub and client_id", subject, () => ({
    sub: undefined,
    client_id: undefined,
  })),
  subjectEmpty: claims(["N063"], "a token whose sub is empty", subject, () => ({ sub: "" })),
  subjectNumber: claims(["N063"], "a token whose sub is a number", subject, () => ({ sub: 1 })),
  subjectWithNul: claims(["N063"], "a token whose sub holds NUL", subject, () => ({ sub: "user_1\u0000" })),
  subjectWithNewline: claims(["N063"], "a token whose sub holds a newline", subject, () => ({
    sub: "user_1\n",
  })),
};
