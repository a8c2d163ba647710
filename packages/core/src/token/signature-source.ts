import { after, type Eventually } from "../eventually.js";
import type { VerifierHealth } from "../provider.js";
import type { Jws } from "./jws.js";
import type { KeySource } from "./key-set.js";
import type { VerificationKey } from "./keys.js";
import { type Rejected, rejected, type Unavailable } from "./verification.js";

/** What a remembered token hangs on. */
export interface SigningKey {
  /** The issuer no longer stands by it: nothing that it signed counts any more. */
  readonly retired: boolean;
}

/** Says whether an issuer signed a token; of the claims it need not look at one. */
export interface SignatureSource {
  /** @param jws the token, read; its signature is not yet checked */
  signedBy(jws: Jws, token: string): Eventually<SigningKey | Rejected | Unavailable>;
  /** Fetches what will be needed. Never rejects. */
  refresh(): Promise<void>;
  health(): VerifierHealth;
}

/** Checks signatures with the issuer's published keys. */
export function signaturesOf(source: KeySource): SignatureSource {
  return {
    signedBy: (jws) =>
      after(source.keysFor(jws.header.kid), (keys) => ("kind" in keys ? keys : signingKey(jws, keys))),
    refresh: () => source.refresh(),
    health: () => source.health(),
  };
}

/** The key among `keys` that made the signature. */
function signingKey(jws: Jws, keys: readonly VerificationKey[]): Eventually<VerificationKey | Rejected> {
  const { alg, kid } = jws.header;
  const suited = keys.filter(({ algorithms }) => algorithms.includes(alg));
  // A token that names no key is tried with none, unless the issuer has just one nameless key for it.
  if (keys.length === 0 || (kid === undefined && suited.length !== 1))
    return rejected("token_key_unknown", "the issuer has no key with this kid");
  return attempt(jws, suited, 0);
}

function attempt(
  jws: Jws,
  keys: readonly VerificationKey[],
  index: number,
): Eventually<VerificationKey | Rejected> {
  const key = keys[index];
  if (!key) return rejected("token_signature", "no key of the issuer made this signature");
  return after(key.check(jws.header.alg, jws.signed, jws.signature), (right) =>
    right ? key : attempt(jws, keys, index + 1),
  );
}
