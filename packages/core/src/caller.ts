import type { Rejection } from "./answers.js";
import { type AuthInfo, authInfoOf } from "./auth-info.js";
import { type Credentials, credentialsOf } from "./credentials.js";
import { within } from "./deadline.js";
import type { Facts } from "./facts.js";
import type { Settings } from "./options.js";
import type { Verification } from "./provider.js";

/** Who calls: known by a token, or nobody in particular where something is public. */
export interface Caller {
  readonly kind: "caller";
  readonly auth: AuthInfo | undefined;
}

/** A verifier that hangs must not hold every request with it. */
const patience = 15_000;

export async function callerOf(settings: Settings, facts: Facts): Promise<Caller | Rejection> {
  const credentials = credentialsOf(facts);
  switch (credentials.kind) {
    case "multiple":
      return { kind: "rejection", reason: "credentials_multiple" };
    case "malformed":
      return { kind: "rejection", reason: "credentials_malformed" };
    case "missing":
    case "dpop":
      return settings.policy.open
        ? { kind: "caller", auth: undefined }
        : { kind: "rejection", reason: "credentials_missing" };
    case "bearer":
      return bearerOf(settings, credentials);
  }
}

async function bearerOf(
  settings: Settings,
  { token }: Extract<Credentials, { kind: "bearer" }>,
): Promise<Caller | Rejection> {
  // Before base64 and JSON see it: a long token costs nothing.
  if (token.length > settings.limits.token)
    return { kind: "rejection", reason: "token_too_long", detail: `${token.length} characters` };
  const verification = await verify(settings, token);
  switch (verification.kind) {
    case "unavailable": {
      const { detail, retryAfter } = verification;
      return {
        kind: "rejection",
        reason: "verifier_unavailable",
        detail,
        ...(retryAfter === undefined ? {} : { retryAfter }),
      };
    }
    case "rejected":
      return { kind: "rejection", reason: verification.reason, detail: verification.detail };
    case "accepted":
      // RFC 9449 §7.1, RFC 8705 §3: a token bound to a key is worth nothing without the proof of that key.
      if (Object.hasOwn(verification.token.claims, "cnf"))
        return {
          kind: "rejection",
          reason: "token_sender_constrained",
          detail: "a token with cnf was sent as a plain bearer token",
        };
      return { kind: "caller", auth: authInfoOf(token, verification.token, settings.resource) };
  }
}

/** Whatever a verifier throws means that it could not check, not that the token is bad. */
async function verify(settings: Settings, token: string): Promise<Verification> {
  try {
    const answer = settings.verifier.verify(token);
    const verification = answer instanceof Promise ? await within(patience, answer) : answer;
    const kind: unknown = verification?.kind;
    if (kind === "accepted" || kind === "rejected" || kind === "unavailable") return verification;
    return { kind: "unavailable", detail: "the verifier gave no verdict" };
  } catch (error) {
    return {
      kind: "unavailable",
      detail: withoutToken(error instanceof Error ? error.message : "the verifier threw", token),
    };
  }
}

/** A foreign verifier may put the token into its message. */
function withoutToken(message: string, token: string): string {
  return message.replaceAll(token, "[redacted]");
}
