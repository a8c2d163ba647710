/** The line that makes a server keep a rule, by the rule as `wrongTokens` words it. */
const lines: Readonly<Record<string, string>> = {
  "RFC 8725 §3.2: use only algorithms that are deemed secure; unsecured JWTs are not accepted":
    "verify with an allow-list of algorithms (RS256, PS256, ES256, EdDSA); none is never on it, in any spelling",
  "RFC 8725 §3.1: the algorithm of a key is fixed beforehand, never taken from the token":
    "verify with an allow-list of asymmetric algorithms (RS256, PS256, ES256, EdDSA), so that a public key is never an HMAC secret",
  "RFC 7517 §4.4: alg names the algorithm that the key is for; RFC 8725 §3.1":
    "compare alg of the token with alg of the key",
  "RFC 7515 §4.1.1: alg is present and is a string":
    "require alg to be a string on the allow-list of algorithms",
  "RFC 7518 §3.4: an ES256 signature is R and S, each 32 octets and neither of them zero":
    "require an ES256 signature of 64 octets with R and S above zero",
  "RFC 7518 §3.3: RSA keys have 2048 bits or more":
    "leave out RSA keys of less than 2048 bits when the key set is read",
  "RFC 7517 §4.2: use says what a public key is for":
    "leave out keys whose use is not sig when the key set is read",
  "RFC 7517 §4.3: key_ops says which operations a key is for":
    "leave out keys whose key_ops lack verify when the key set is read",
  "RFC 8725 §3.1: HS256 is not among the allowed algorithms, whatever a key set says":
    "verify with an allow-list of algorithms (RS256, PS256, ES256, EdDSA), and leave out oct keys when the key set is read",
  "RFC 7515 §5.2: the signature is validated with the issuer's key":
    "verify the signature with the issuer's key before any claim is believed",
  "RFC 7515 §4.1.11: a token with a critical parameter that is not understood, or with a malformed crit, is invalid":
    "refuse a header with crit or b64 in it; no access token needs them",
  "RFC 8725 §3.10: keys come from the issuer's configured key set, never from where a token points":
    "ignore jwk, jku, x5u and x5c; take keys from the issuer's own jwks_uri only",
  "RFC 7515 §4.1.4: kid is a string that names one of the issuer's keys, and nothing else":
    "look kid up in the key set by equality, and refuse what is not there",
  "RFC 8725 §3.10: the key is the one that the issuer designates, not whichever happens to fit":
    "require kid, a string, unless the key set holds one key only",
  "RFC 8725 §3.11: explicit types keep one kind of token from standing in for another":
    "accept typ at+jwt and application/at+jwt, beside them JWT or none where the authorization server writes no other, and refuse every other typ",
  "RFC 7515 §7.1: a compact JWS has exactly three segments; access tokens are not decrypted unless configured":
    "require exactly three segments, none of them empty",
  "RFC 8725 §3.6 and §3.9: a server that expects signed tokens neither inflates nor decrypts":
    "require exactly three segments, and refuse a header with enc or zip",
  "RFC 7515 §5.2: the JOSE header is a JSON object in UTF-8":
    "refuse a header that does not decode to a JSON object",
  "RFC 7519 §7.2: the claims set is a JSON object in UTF-8":
    "refuse a payload that does not decode, as strict UTF-8, to a JSON object, or that is nested more than 32 deep",
  "RFC 8259 §8.1: JSON on the wire has no byte order mark": "refuse a payload whose first bytes are EF BB BF",
  "RFC 7519 §4: of two claims with one name the last counts, if the token is not refused altogether":
    "compare aud as the last of two claims of that name says, which is what JSON.parse keeps, with the resource identifier",
  "RFC 7515 §2: base64url without padding, white space or other characters":
    'require of each segment that Buffer.from(segment, "base64url").toString("base64url") === segment',
  "RFC 8725 §3.2 and §3.11: input is bounded before any work is done on it":
    "refuse a token of more than 8192 characters before it is decoded",
  "RFC 9068 §2.2 and §4: exp is required, is a NumericDate, and lies ahead":
    "require exp to be a finite number that lies ahead",
  "RFC 7519 §2: a NumericDate is a number of seconds; 1e400 is Infinity to JSON.parse and would never pass":
    "require exp, and nbf and iat where they are there, to be finite: Number.isFinite(exp)",
  "RFC 7519 §4.1.5: before nbf the token is not accepted":
    "refuse nbf later than now plus the tolerance for clocks (a minute at most)",
  "RFC 7519 §4.1.6: iat is when the token was issued":
    "refuse iat later than now plus the tolerance for clocks (a minute at most)",
  "OpenID Connect Core §2, RFC 8725 §3.12: an ID token or refresh token is no access token":
    "refuse tokens with nonce, at_hash or c_hash, and those whose claim typ is ID or Refresh",
  "RFC 9449 §7.1, RFC 8705 §3: a token bound to a key is not accepted as a plain bearer token":
    "refuse a token with cnf unless the proof of its key is checked",
  "RFC 9068 §2.2: sub is required; RFC 7519 §4.1.2: it is a string that identifies the principal":
    "require sub to be a string that is not empty and holds no control characters",
  "RFC 9068 §4: iss is exactly the issuer identifier of the authorization server":
    "compare iss with the configured issuer, character for character: iss === issuer",
  "MCP 2026-07-28 Authorization, Token Audience Binding; RFC 9068 §4: aud holds this resource's identifier, character for character":
    "require aud to be the configured resource identifier, character for character, or an array of strings that holds it",
};

/** What to change in a server that breaks a rule. The rule itself, where there is no line for it. */
export function wrongTokenAdvice(rule: string): string {
  return `Refuse such tokens with 401: ${lines[rule] ?? rule.slice(rule.indexOf(": ") + 2)}`;
}
