import type { Jws, SignatureSource, SigningKey, Verification, VerifierHealth } from "@mcp-authz/core";
import { isTokenFailure, messageOf, type ScalekitSdk } from "./sdk.js";
import { isUnknownKey, type KeySnapshot, type KeyTimes, SdkKeySet } from "./sdk-key-set.js";

type Refusal = Exclude<Verification, { kind: "accepted" }>;

/**
 * Asks the SDK who signed a token.
 *
 * Of `validateToken` only the signature is taken on trust. It checks issuer and audience when it is told to, lets
 * tokens without `exp` live for ever, takes any algorithm and any kind of JWT, and reads scopes from one of three
 * claims; all of that is checked on our side, as it is for key sets.
 */
export class SdkSignatures implements SignatureSource {
  readonly #keys: SdkKeySet;

  constructor(make: () => ScalekitSdk, times: KeyTimes) {
    this.#keys = new SdkKeySet(make, times);
  }

  async signedBy(jws: Jws, token: string): Promise<SigningKey | Refusal> {
    // Every key of Scalekit's has a name, and the SDK would take any key for a token that names none.
    if (jws.header.kid === undefined) return unknownKey;
    const snapshot = await this.#keys.current();
    if ("kind" in snapshot) return snapshot;
    const answer = await this.#ask(snapshot, jws, token);
    if (answer !== unknownKey) return answer;
    const newer = await this.#keys.newerThan(snapshot);
    if (newer === undefined || "kind" in newer) return newer ?? unknownKey;
    const second = await this.#ask(newer, jws, token);
    if (second !== unknownKey) this.#keys.found();
    return second;
  }

  refresh(): Promise<void> {
    return this.#keys.refresh();
  }

  health(): VerifierHealth {
    return this.#keys.health();
  }

  async #ask(snapshot: KeySnapshot, jws: Jws, token: string): Promise<KeySnapshot | Refusal> {
    const answer = await this.#validate(snapshot, token);
    if (answer !== tooEarly) return answer;
    // The SDK bears with no difference between clocks. How early is too early was decided before; so wait for it.
    await new Promise((resolve) => setTimeout(resolve, Number(jws.payload.nbf) * 1000 - Date.now() + 1));
    return this.#validate(snapshot, token);
  }

  async #validate(snapshot: KeySnapshot, token: string): Promise<KeySnapshot | Refusal> {
    try {
      await snapshot.client.validateToken(token);
      return snapshot;
    } catch (error) {
      if (isTokenFailure(error)) return refusalOf(error);
      // An instance that has keys asks nobody: this one is broken, and the next request gets another.
      this.#keys.discard(snapshot);
      return { kind: "unavailable", detail: `sdk: ${messageOf(error)}`, retryAfter: 1 };
    }
  }
}

const unknownKey: Refusal = {
  kind: "rejected",
  reason: "token_key_unknown",
  detail: "the environment has no key with this kid",
};
const tooEarly: Refusal = { kind: "rejected", reason: "token_not_yet_valid", detail: "nbf is in the future" };

/** The SDK keeps nothing of a failure but its message. None is passed on: they may quote the token. */
function refusalOf(error: Error): Refusal {
  if (isUnknownKey(error)) return unknownKey;
  if (error.message.startsWith('"nbf" claim')) return tooEarly;
  if (error.message.startsWith('"exp" claim'))
    return { kind: "rejected", reason: "token_expired", detail: "exp has passed" };
  return {
    kind: "rejected",
    reason: "token_signature",
    detail: "no key of the environment made this signature",
  };
}
