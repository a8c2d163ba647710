import type { Check } from "../check.js";
import { examined, type Problem, skipped } from "../finding.js";

export const metadataResourceCheck: Check = {
  id: "V10",
  title: "resource is exactly the URL that users type",
  section: "RFC 9728 §3.3, §6; MCP authorization, Canonical Server URI",
  async examine(inspection) {
    const found = (await inspection.metadata()).chosen?.found;
    if (found === undefined) return skipped("there is no metadata");
    const { resource } = found;
    const problem = resource === undefined ? missing : mismatch(resource, inspection.resource);
    const change = `"resource": "${inspection.resource}" (or tell users to type ${resource ?? "the resource"})`;
    return examined(`"resource": "${resource}"`, problem && { ...problem, change });
  },
};

type Without = Omit<Problem, "change">;

const missing: Without = {
  code: "resource-missing",
  severity: "fail",
  seen: "the document has no resource",
  why: "It is the one member that RFC 9728 requires; clients discard the document.",
};

function mismatch(resource: string, typed: string): Without | undefined {
  if (resource === typed) return undefined;
  const seen = `"resource": "${resource}", the URL is ${typed}`;
  if (!URL.canParse(resource)) {
    const why = "It must be an absolute URL; clients discard the document.";
    return { code: "resource-not-a-url", severity: "fail", seen, why };
  }
  if (`${resource}/` === typed || resource === `${typed}/`) {
    const atOrigin = new URL(resource).pathname === "/";
    return atOrigin
      ? {
          code: "resource-origin-slash",
          severity: "info",
          seen,
          why: "For a bare origin both spellings mean the same, but an authorization server may compare them as text.",
        }
      : {
          code: "resource-trailing-slash",
          severity: "fail",
          seen,
          why: "The two differ in the last slash; the SDK clients and strict hosts refuse the server.",
        };
  }
  const named = new URL(resource);
  const parent = named.origin === new URL(typed).origin && typed.startsWith(resource);
  return {
    code: parent ? "resource-is-parent" : "resource-mismatch",
    severity: "fail",
    seen,
    why: parent
      ? "SDK clients accept a parent URL, strict hosts (Grok Build, the conformance suite) discard the document."
      : "Clients must discard the document, and the token would be for somebody else.",
  };
}
