import { type Answer, isSuccess, jsonObject, type Outcome, stringOf, stringsOf } from "../net/answer.js";
import type { Fetcher } from "../net/fetcher.js";
import { protectedResourceUrl, rootProtectedResourceUrl } from "./well-known.js";

export type MetadataSource = "challenge" | "path" | "root";

/** Protected resource metadata as far as this tool reads it (RFC 9728 §2); wrong types count as absent. */
export interface ProtectedResource {
  readonly document: Readonly<Record<string, unknown>>;
  readonly resource?: string;
  readonly authorizationServers: readonly string[];
  readonly scopes?: readonly string[];
}

/** One place where a client looks, and what it finds. */
export interface MetadataCandidate {
  readonly source: MetadataSource;
  readonly url: string;
  readonly outcome: Outcome;
  readonly found?: ProtectedResource;
}

export interface MetadataSearch {
  /** Every location that exists for this resource, in the order in which clients try them. */
  readonly candidates: readonly MetadataCandidate[];
  /** What a client ends up with: the URL of the challenge wins, else path, else root. */
  readonly chosen?: MetadataCandidate;
}

export async function searchProtectedResource(
  fetcher: Pick<Fetcher, "fetch">,
  resource: string,
  fromChallenge: string | undefined,
): Promise<MetadataSearch> {
  const places: [MetadataSource, string][] = [
    ["path", protectedResourceUrl(resource)],
    ["root", rootProtectedResourceUrl(resource)],
  ];
  if (fromChallenge !== undefined) places.unshift(["challenge", fromChallenge]);
  const candidates: MetadataCandidate[] = [];
  for (const [source, url] of places) {
    const known = candidates.find((candidate) => candidate.url === url);
    candidates.push(known === undefined ? await look(fetcher, source, url) : { ...known, source });
  }
  const chosen = choose(candidates);
  return { candidates, ...(chosen === undefined ? {} : { chosen }) };
}

async function look(
  fetcher: Pick<Fetcher, "fetch">,
  source: MetadataSource,
  url: string,
): Promise<MetadataCandidate> {
  const outcome = await fetcher.fetch({ url, headers: [["Accept", "application/json"]], follow: true });
  const found = outcome.kind === "answer" ? readProtectedResource(outcome) : undefined;
  return { source, url, outcome, ...(found === undefined ? {} : { found }) };
}

function choose(candidates: readonly MetadataCandidate[]): MetadataCandidate | undefined {
  const [first] = candidates;
  if (first?.source === "challenge") return first.found === undefined ? undefined : first;
  for (const candidate of candidates) {
    if (candidate.found !== undefined) return candidate;
    // A client goes on after a 4xx only; anything else is an error to it.
    const { outcome } = candidate;
    if (outcome.kind === "failure" || outcome.status < 400 || outcome.status >= 500) return undefined;
  }
  return undefined;
}

/** The document of an answer; undefined when the answer is no metadata. */
export function readProtectedResource(answer: Answer): ProtectedResource | undefined {
  const document = isSuccess(answer) ? jsonObject(answer) : undefined;
  if (document === undefined) return undefined;
  const resource = stringOf(document.resource);
  const scopes = stringsOf(document.scopes_supported);
  return {
    document,
    authorizationServers: stringsOf(document.authorization_servers) ?? [],
    ...(resource === undefined ? {} : { resource }),
    ...(scopes === undefined ? {} : { scopes }),
  };
}
