import { isTokenFault, type Rejection } from "./answers.js";
import { type AuthInfo, authInfoOf, isKnown } from "./auth-info.js";
import type { Credentials } from "./credentials.js";
import { within } from "./deadline.js";
import type { Dpop } from "./dpop.js";
import { after, type Eventually, isPromise } from "./eventually.js";
import { type Facts, headerValues } from "./facts.js";
import type { AccessToken, Verification } from "./provider.js";
import type { Settings } from "./settings.js";
import { messageOf } from "./thrown.js";

/** Who calls: known by a token, or nobody in particular where something is public. */
export interface Caller {
  readonly kind: "caller";
  readonly auth: AuthInfo | undefined;
}

/** A verifier that hangs must not hold every request with it. Milliseconds. */
const patience = 15_000;
/** Seconds. */
const longestTolerance = 60;

/** At once, where nothing has to be waited for: a token seen before costs no turn of the event loop. */
export function callerOf(
  settings: Settings,
  credentials: Credentials,
  facts: Facts,
): Eventually<Caller | Rejection> {
  switch (credentials.kind) {
    case "multiple":
      return { kind: "rejection", reason: "credentials_multiple" };
    case "malformed":
      return { kind: "rejection", reason: "credentials_malformed" };
    case "bearer":
      return presenterOf(settings, credentials.token, (token) => bearerFault(settings, token));
    case "dpop":
      if (settings.dpop === undefined) return nobody(settings);
      return presenterOf(settings, credentials.token, (token) =>
        proofFault(settings, token, credentials.token, facts),
      );
    case "missing":
      return nobody(settings);
  }
}

function nobody(settings: Settings): Caller | Rejection {
  return settings.policy.open
    ? { kind: "caller", auth: undefined }
    : { kind: "rejection", reason: "credentials_missing" };
}

/** The caller that a token names, once the way in which it was presented has been found in order too. */
function presenterOf(
  settings: Settings,
  token: string,
  faultOf: (accepted: AccessToken) => Eventually<Rejection | undefined>,
): Eventually<Caller | Rejection> {
  // Before base64 and JSON see it: a long token costs nothing.
  if (token.length > settings.limits.token)
    return { kind: "rejection", reason: "token_too_long", detail: `${token.length} characters` };
  return after(verify(settings, token), (verification) => {
    switch (verification.kind) {
      case "unavailable":
        return unavailable(verification);
      case "rejected":
        return { kind: "rejection", reason: verification.reason, detail: verification.detail };
      case "accepted":
        // Whatever a verifier of the user's overlooks, nothing that is long over gets in.
        if (verification.token.expiresAt + longestTolerance < Date.now() / 1000)
          return { kind: "rejection", reason: "token_expired", detail: "exp has passed" };
        return after(
          faultOf(verification.token),
          (fault) =>
            fault ?? { kind: "caller", auth: authInfoOf(token, verification.token, settings.resource) },
        );
    }
  });
}

/** RFC 9449 §7.1, RFC 8705 §3: a token bound to a key is worth nothing without the proof of that key. */
function bearerFault({ dpop }: Settings, { claims }: AccessToken): Rejection | undefined {
  if (Object.hasOwn(claims, "cnf")) return constrained("a token with cnf was sent as a plain bearer token");
  return dpop?.required === true
    ? constrained("the token is not bound to a key, and DPoP is required")
    : undefined;
}

async function proofFault(
  settings: Settings,
  accepted: AccessToken,
  token: string,
  facts: Facts,
): Promise<Rejection | undefined> {
  const thumbprint = (accepted.claims["cnf"] as { jkt?: unknown } | null | undefined)?.jkt;
  if (typeof thumbprint !== "string")
    return constrained("a token without cnf.jkt was sent with the DPoP scheme");
  const proof = {
    proofs: headerValues(facts.headers, "dpop"),
    method: facts.method,
    url: settings.endpointUrl,
    accessToken: token,
    thumbprint,
  };
  const verdict = await within(patience, (settings.dpop as Dpop).verify(proof));
  switch (verdict.kind) {
    case "proven":
      return undefined;
    case "invalid":
      return { kind: "rejection", reason: "dpop_proof_invalid", detail: verdict.detail };
    case "nonce":
      return { kind: "rejection", reason: "dpop_nonce_required" };
    case "unavailable":
      return unavailable(verdict);
  }
}

function constrained(detail: string): Rejection {
  return { kind: "rejection", reason: "token_sender_constrained", detail };
}

function unavailable({
  detail,
  retryAfter,
}: {
  readonly detail: string;
  readonly retryAfter?: number;
}): Rejection {
  return {
    kind: "rejection",
    reason: "verifier_unavailable",
    detail,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/** Whatever a verifier throws means that it could not check, not that the token is bad. */
function verify(settings: Settings, token: string): Eventually<Verification> {
  try {
    const answer = within(patience, settings.verifier.verify(token));
    return isPromise(answer) ? answer.then(checked).catch(uncheckable) : checked(answer);
  } catch (error) {
    return uncheckable(error);
  }
}

function uncheckable(error: unknown): Verification {
  return { kind: "unavailable", detail: messageOf(error) };
}

/** A verifier may be JavaScript; what it says is not taken on trust. */
function checked(answer: Verification | undefined): Verification {
  return answer !== undefined && isVerification(answer)
    ? answer
    : { kind: "unavailable", detail: "the verifier gave no verdict that there is" };
}

function isVerification(answer: Verification): boolean {
  switch (answer.kind) {
    case "accepted":
      return isAccessToken(answer.token);
    case "rejected":
      return isTokenFault(answer.reason) && typeof answer.detail === "string";
    case "unavailable":
      return typeof answer.detail === "string";
    default:
      return false;
  }
}

function isAccessToken(token: AccessToken): boolean {
  if (isKnown(token)) return true;
  const texts = [token.issuer, token.subject, token.clientId];
  const lists = [token.scopes, token.roles, token.permissions];
  return (
    texts.every((text) => typeof text === "string") &&
    lists.every((list) => Array.isArray(list) && list.every((item) => typeof item === "string")) &&
    (token.kind === "person" || token.kind === "client") &&
    Number.isFinite(token.expiresAt) &&
    typeof token.claims === "object" &&
    token.claims !== null
  );
}
