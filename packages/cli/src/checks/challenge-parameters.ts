import { bearerOf, type Challenge, parameterOf, parseChallenges } from "../challenge/strict.js";
import type { Check } from "../check.js";
import { protectedResourceUrl } from "../discovery/well-known.js";
import { examined, type Problem, skipped } from "../finding.js";
import type { Inspection } from "../inspection.js";
import { isLoopbackHost } from "../net/address.js";
import { challengeAdvice } from "./advice.js";

export const challengeParametersCheck: Check = {
  id: "V7",
  title: "The challenge says where the metadata is and what to ask for",
  section: "RFC 9728 §5.1; MCP authorization, Scope Selection Strategy",
  async examine(inspection) {
    const text = await inspection.challengeText();
    const parsed = parseChallenges(text ?? "");
    const bearer = parsed.ok ? bearerOf(parsed.challenges) : undefined;
    if (bearer === undefined) return skipped("there is no readable Bearer challenge");
    const advice = await challengeAdvice(inspection);
    const seen = `WWW-Authenticate: ${text}`;
    return examined(
      seen,
      await metadataProblem(inspection, bearer, advice),
      parameterOf(bearer, "scope") === undefined && {
        code: "challenge-without-scope",
        severity: "warn",
        seen,
        why: "Clients then ask for every scope that the metadata lists: more consent than needed, or a refusal.",
        change: `Name the scopes of basic use: ${advice}`,
      },
      parameterOf(bearer, "error") !== undefined && {
        code: "challenge-error-without-token",
        severity: "warn",
        seen,
        why: "No token was sent, so none was invalid; clients treat this as an expired login and may loop.",
        change: `Leave error out when no credentials came: ${advice}`,
        section: "RFC 6750 §3.1",
      },
      parameterOf(bearer, "realm") === undefined && {
        code: "challenge-without-realm",
        severity: "info",
        seen,
        why: "MCP's own guidance and the guide show a realm; no host is known to need it.",
        change: advice,
        section: "RFC 6750 §3",
      },
    );
  },
};

async function metadataProblem(
  inspection: Inspection,
  bearer: Challenge,
  advice: string,
): Promise<Problem | undefined> {
  const url = parameterOf(bearer, "resource_metadata");
  if (url === undefined) {
    const probed = (await inspection.metadata()).chosen !== undefined;
    return {
      code: "challenge-without-resource-metadata",
      severity: probed ? "warn" : "fail",
      seen: "the challenge has no resource_metadata",
      why: "Clients of MCP 2025-06-18 look nowhere else, and newer ones have to guess.",
      change: advice,
    };
  }
  const why = misdirection(inspection, url);
  if (why === undefined) return undefined;
  return {
    code: "challenge-misdirects",
    severity: "fail",
    seen: `resource_metadata="${url}"`,
    why,
    change: `Build the URL from the configured public URL, not from a constant or the request: resource_metadata="${protectedResourceUrl(inspection.resource)}"`,
  };
}

function misdirection(inspection: Inspection, url: string): string | undefined {
  if (!URL.canParse(url)) return "It must be an absolute URL; clients ignore any other.";
  const named = new URL(url);
  if (isLoopbackHost(named.hostname) && !inspection.isLoopback) {
    return "It points to the reader's own machine: nobody but the developer can follow it.";
  }
  if (named.protocol === "http:" && !isLoopbackHost(named.hostname)) {
    return "Metadata must come over TLS; hosts refuse plain http.";
  }
  return undefined;
}
