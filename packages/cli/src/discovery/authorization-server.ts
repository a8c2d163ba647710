import { isSuccess, jsonObject, type Outcome, stringOf } from "../net/answer.js";
import type { Fetcher } from "../net/fetcher.js";
import { authorizationServerUrls } from "./well-known.js";

export interface ServerAttempt {
  readonly url: string;
  readonly outcome: Outcome;
}

/** What a client finds when it asks an authorization server who it is (RFC 8414 §3, OpenID Connect Discovery). */
export interface ServerSearch {
  /** The issuer as the protected resource metadata spells it. */
  readonly issuer: string;
  readonly attempts: readonly ServerAttempt[];
  /** Where the document was found. */
  readonly url?: string;
  readonly document?: Readonly<Record<string, unknown>>;
}

/** Tries the locations in a client's order and takes the first that answers with a JSON object. */
export async function searchAuthorizationServer(
  fetcher: Pick<Fetcher, "fetch">,
  issuer: string,
): Promise<ServerSearch> {
  const attempts: ServerAttempt[] = [];
  if (!URL.canParse(issuer)) return { issuer, attempts };
  for (const url of authorizationServerUrls(issuer)) {
    const outcome = await fetcher.fetch({ url, headers: [["Accept", "application/json"]], follow: true });
    attempts.push({ url, outcome });
    if (outcome.kind === "failure") continue;
    const document = isSuccess(outcome) ? jsonObject(outcome) : undefined;
    if (document !== undefined) return { issuer, attempts, url, document };
  }
  return { issuer, attempts };
}

/** Whether a document names exactly the issuer that was asked for: a plain string comparison (RFC 8414 §3.3). */
export function issuerMatches(search: ServerSearch): boolean {
  return stringOf(search.document?.issuer) === search.issuer;
}
