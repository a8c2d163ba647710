import type { Check } from "../check.js";
import type { MetadataCandidate } from "../discovery/protected-resource.js";
import { protectedResourceUrl } from "../discovery/well-known.js";
import { examined, type Problem } from "../finding.js";
import type { Inspection } from "../inspection.js";
import { header, isSuccess, summary } from "../net/answer.js";
import { metadataAdvice } from "./advice.js";

export const metadataLocationsCheck: Check = {
  id: "V9",
  title: "The metadata is where every client looks, and it is the same everywhere",
  section: "RFC 9728 §3.1; MCP authorization, Protected Resource Metadata Discovery",
  async examine(inspection) {
    const { candidates } = await inspection.metadata();
    const documents = new Set(
      candidates.flatMap(({ found }) => (found ? [JSON.stringify(found.document)] : [])),
    );
    const advice = await metadataAdvice(inspection);
    return examined(
      candidates.map(({ source, url, outcome }) => `${source} ${url}: ${summary(outcome)}`).join("; "),
      documents.size === 0 && {
        code: "metadata-nowhere",
        severity: "fail",
        seen: candidates.map(({ url, outcome }) => `${url}: ${summary(outcome)}`).join("; "),
        why: "There is no way for a host to find the authorization server.",
        change: `Serve at ${protectedResourceUrl(inspection.resource)}: ${advice}`,
      },
      ...candidates.map((candidate) => documents.size > 0 && locationProblem(inspection, candidate, advice)),
      documents.size > 1 && {
        code: "metadata-differs",
        severity: "warn",
        seen: `${documents.size} different documents at ${candidates.map(({ url }) => url).join(", ")}`,
        why: "Which one a client reads depends on where it looks first, so clients behave differently.",
        change: "Serve one document, built once from the configured resource, at all of these URLs",
      },
      ...candidates.map(contentTypeProblem),
    );
  },
};

function locationProblem(
  inspection: Inspection,
  { source, url, outcome, found }: MetadataCandidate,
  advice: string,
): Problem | undefined {
  if (found !== undefined) return undefined;
  const seen = `${url}: ${summary(outcome)}`;
  if (outcome.kind === "answer" && (outcome.status === 401 || outcome.status === 403)) {
    return {
      code: "metadata-needs-token",
      severity: "fail",
      seen,
      why: "Clients read this document before they have a token.",
      change: `Register the exact route ${new URL(url).pathname} before the guard`,
    };
  }
  if (source === "challenge") {
    return {
      code: "challenge-points-nowhere",
      severity: "fail",
      seen,
      why: "Clients follow the URL of the challenge and look nowhere else; this one holds no metadata.",
      change: `Send resource_metadata="${protectedResourceUrl(inspection.resource)}" and serve there: ${advice}`,
    };
  }
  if (source === "path") {
    return {
      code: "metadata-not-path-aware",
      severity: "warn",
      seen,
      why: "For a URL with a path this is the standard's location; clients that build it get nothing.",
      change: `Serve the same document at ${url} too`,
    };
  }
  return {
    code: "metadata-not-at-root",
    severity: "info",
    seen,
    why: "Older clients, and the guide's check 3, look here.",
    change: `If this is the only MCP server on ${inspection.url.origin}, serve the same document at ${url} too`,
  };
}

function contentTypeProblem({ url, outcome, found }: MetadataCandidate): Problem | undefined {
  if (found === undefined || outcome.kind === "failure" || !isSuccess(outcome)) return undefined;
  const type = header(outcome, "content-type") ?? "none";
  if (/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) return undefined;
  return {
    code: "metadata-content-type",
    severity: "warn",
    seen: `${url}: Content-Type ${type}`,
    why: "Clients that check the type refuse the document.",
    change: "Content-Type: application/json",
    section: "RFC 9728 §3.2",
  };
}
