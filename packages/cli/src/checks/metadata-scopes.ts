import type { Check } from "../check.js";
import { examined, skipped } from "../finding.js";

/** More than this many scopes is a catalogue, not the minimum for basic use. */
const catalogue = 10;

export const metadataScopesCheck: Check = {
  id: "V12",
  title: "scopes_supported is the minimum for basic use",
  section: "RFC 9728 §2, §3.2; MCP authorization, Scope Selection Strategy",
  async examine(inspection) {
    const found = (await inspection.metadata()).chosen?.found;
    if (found === undefined) return skipped("there is no metadata");
    const scopes = found.scopes ?? [];
    const seen = `"scopes_supported": ${JSON.stringify(found.document.scopes_supported) ?? "missing"}`;
    const empty = Object.entries(found.document)
      .filter(
        ([name, value]) => Array.isArray(value) && value.length === 0 && name !== "bearer_methods_supported",
      )
      .map(([name]) => name)
      .filter((name) => name !== "authorization_servers");
    const remove = (unwanted: (scope: string) => boolean): string =>
      `"scopes_supported": ${JSON.stringify(scopes.filter((scope) => !unwanted(scope)))}`;
    return examined(
      seen,
      scopes.includes("offline_access") && {
        code: "scopes-list-offline-access",
        severity: "warn",
        seen,
        why: "Refresh tokens are between client and authorization server; listed here, every client asks for them.",
        change: remove((scope) => scope === "offline_access"),
        section: "MCP authorization, Refresh Tokens",
      },
      scopes.some((scope) => scope.includes("*")) && {
        code: "scopes-list-wildcard",
        severity: "warn",
        seen,
        why: "Clients request all that is listed, so every user is asked for everything.",
        change: remove((scope) => scope.includes("*")),
      },
      scopes.length > catalogue && {
        code: "scopes-list-is-catalogue",
        severity: "warn",
        seen: `scopes_supported lists ${scopes.length} scopes`,
        why: "Clients request all that is listed; users refuse, and some hosts fail on long lists.",
        change:
          "List the scopes of basic use only, and ask for the others by 403 insufficient_scope when a tool needs them",
      },
      empty.length > 0 && {
        code: "metadata-empty-array",
        severity: "warn",
        seen: `empty: ${empty.join(", ")}`,
        why: "Members without values must be left out; some clients read an empty list as 'nothing allowed'.",
        change: `Leave out ${empty.join(", ")}`,
      },
    );
  },
};
