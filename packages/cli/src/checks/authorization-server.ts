import type { Check } from "../check.js";
import { issuerMatches, type ServerSearch } from "../discovery/authorization-server.js";
import { authorizationServerUrls } from "../discovery/well-known.js";
import { examined, type Problem, skipped } from "../finding.js";
import type { Inspection } from "../inspection.js";
import { isLoopbackHost } from "../net/address.js";
import { stringOf, stringsOf, summary } from "../net/answer.js";

export const authorizationServerChecks: readonly Check[] = [
  {
    id: "V15",
    title: "Each authorization server publishes metadata under exactly the issuer named",
    section: "RFC 8414 §3, §3.3; MCP authorization, Authorization Server Metadata Discovery",
    async examine(inspection) {
      const servers = await inspection.authorizationServers();
      if (servers.length === 0) return skipped("no authorization server is named");
      return examined(
        servers.map(({ issuer, url }) => `${issuer} at ${url ?? "nowhere"}`).join("; "),
        ...servers.map(discoveryProblem),
      );
    },
  },
  {
    id: "V16",
    title: "The authorization server can do the authorization code flow with PKCE",
    section: "MCP authorization, Authorization Code Protection; RFC 8414 §2",
    async examine(inspection) {
      const servers = (await inspection.authorizationServers()).filter(
        ({ document }) => document !== undefined,
      );
      if (servers.length === 0) return skipped("no authorization server metadata");
      return examined(
        servers.map(({ issuer }) => issuer).join(", "),
        ...servers.flatMap((server) => capabilityProblems(inspection, server)),
      );
    },
  },
];

function discoveryProblem(search: ServerSearch): Problem | undefined {
  const { issuer, document, attempts } = search;
  if (document === undefined) {
    return {
      code: "issuer-without-metadata",
      severity: "fail",
      seen:
        attempts.map(({ url, outcome }) => `${url}: ${summary(outcome)}`).join("; ") ||
        `"${issuer}" is no URL`,
      why: "Hosts cannot learn where to authorize and get tokens.",
      change: URL.canParse(issuer)
        ? `Publish the authorization server's metadata at ${authorizationServerUrls(issuer)[0]}, or correct authorization_servers`
        : "Correct authorization_servers: the issuer must be an https URL",
    };
  }
  if (issuerMatches(search)) return undefined;
  const own = stringOf(document.issuer);
  return {
    code: "issuer-mismatch",
    severity: "fail",
    seen: `authorization_servers says "${issuer}", the document at ${search.url} says ${JSON.stringify(own)}`,
    why: "The comparison is byte for byte, the last slash included; clients of MCP 2026-07-28 must refuse the server.",
    change: `"authorization_servers": [${JSON.stringify(own ?? issuer)}]`,
  };
}

function capabilityProblems(
  inspection: Inspection,
  { document = {}, issuer }: ServerSearch,
): readonly Problem[] {
  const problems: Problem[] = [];
  const add = (code: string, seen: string, why: string, change: string, section?: string): void => {
    problems.push({
      code,
      severity: "fail",
      seen: `${issuer}: ${seen}`,
      why,
      change,
      ...(section ? { section } : {}),
    });
  };
  const methods = stringsOf(document.code_challenge_methods_supported);
  if (methods?.includes("S256") !== true) {
    add(
      "pkce-not-advertised",
      `code_challenge_methods_supported: ${JSON.stringify(methods) ?? "missing"}`,
      "Clients must refuse an authorization server that does not say it supports PKCE with S256.",
      'Let the authorization server\'s metadata say "code_challenge_methods_supported": ["S256"]',
    );
  }
  const types = stringsOf(document.response_types_supported);
  if (types?.includes("code") !== true) {
    add(
      "code-flow-not-advertised",
      `response_types_supported: ${JSON.stringify(types) ?? "missing"}`,
      "Hosts use the authorization code flow only.",
      'Let the metadata say "response_types_supported": ["code"]',
    );
  }
  for (const name of ["authorization_endpoint", "token_endpoint"] as const) {
    const wrong = endpointFault(inspection, document[name]);
    if (wrong === undefined) continue;
    add(
      "endpoint-not-usable",
      `${name} ${wrong}`,
      "Hosts open and call this URL; they refuse anything but https (or loopback while developing).",
      `Let the metadata name an https URL as ${name}`,
      "MCP authorization, Communication Security",
    );
  }
  return problems;
}

/** What is wrong with an endpoint's URL; undefined when nothing is. */
export function endpointFault(inspection: Inspection, value: unknown): string | undefined {
  if (value === undefined) return "is missing";
  if (typeof value !== "string" || !URL.canParse(value)) return `is no URL: ${JSON.stringify(value)}`;
  const url = new URL(value);
  if (url.protocol === "https:") return undefined;
  if (url.protocol === "http:" && isLoopbackHost(url.hostname)) {
    return inspection.isLoopback ? undefined : `is on the reader's own machine: ${value}`;
  }
  return `is not https: ${value}`;
}
