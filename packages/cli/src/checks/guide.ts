import { bearerOf, parameterOf, parseChallenges } from "../challenge/strict.js";
import type { Check } from "../check.js";
import { examined, skipped } from "../finding.js";
import { header, summary } from "../net/answer.js";
import { challengeAdvice, metadataAdvice } from "./advice.js";

/** The three `curl` calls of the guide, in its order and under its names. */
export const guideChecks: readonly Check[] = [
  {
    id: "G1",
    title: "Check 1 – 401 without a token",
    section: "RFC 9110 §15.5.2; MCP authorization, Error Handling",
    async examine(inspection) {
      const outcome = await inspection.get();
      const seen = `curl -i ${inspection.url.href} → ${summary(outcome)}`;
      return examined(
        seen,
        (outcome.kind === "failure" || outcome.status !== 401) && {
          code: "no-401",
          severity: "fail",
          seen,
          why: "Without a 401 no AI host starts its login; a 2xx means that anyone may use the server.",
          change: `Answer 401 with this header to every request without a valid token: ${await challengeAdvice(inspection)}`,
        },
      );
    },
  },
  {
    id: "G2",
    title: "Check 2 – WWW-Authenticate names the metadata",
    section: "RFC 9728 §5.1",
    async examine(inspection) {
      const outcome = await inspection.get();
      if (outcome.kind === "failure") return skipped(summary(outcome));
      const text = header(outcome, "www-authenticate");
      const parsed = parseChallenges(text ?? "");
      const named = parsed.ok ? parameterOf(bearerOf(parsed.challenges), "resource_metadata") : undefined;
      return examined(
        `resource_metadata="${named}"`,
        named === undefined && {
          code: "challenge-without-metadata-url",
          severity: "fail",
          seen: text === undefined ? "no WWW-Authenticate header" : `WWW-Authenticate: ${text}`,
          why: "A plain 401 without this header makes AI hosts fail silently: they do not learn where to log in.",
          change: await challengeAdvice(inspection),
        },
      );
    },
  },
  {
    id: "G3",
    title: "Check 3 – the metadata document can be read",
    section: "RFC 9728 §3; MCP authorization server discovery",
    async examine(inspection) {
      const { candidates } = await inspection.metadata();
      const candidate = candidates.find(({ found }) => found !== undefined);
      const missing = ["resource", "authorization_servers", "scopes_supported"].filter(
        (name) => candidate?.found?.document[name] === undefined,
      );
      if (candidate === undefined) {
        return examined("", {
          code: "metadata-not-found",
          severity: "fail",
          seen: candidates.map(({ url, outcome }) => `${url} → ${summary(outcome)}`).join("; "),
          why: "Hosts read this document to find the authorization server; without it there is no login.",
          change: `Serve at ${candidates[0]?.url}, without a token, as application/json: ${await metadataAdvice(inspection)}`,
        });
      }
      const seen = `${candidate.url} → ${Object.keys(candidate.found?.document ?? {}).join(", ")}`;
      return examined(
        seen,
        missing.length > 0 && {
          code: "metadata-incomplete",
          severity: missing.every((name) => name === "scopes_supported") ? "warn" : "fail",
          seen: `${candidate.url} lacks ${missing.join(", ")}`,
          why: "Hosts take the resource, where to log in and what to ask for from these members.",
          change: `Make the document: ${await metadataAdvice(inspection)}`,
        },
      );
    },
  },
];
