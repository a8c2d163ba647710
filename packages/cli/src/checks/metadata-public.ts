import type { Check } from "../check.js";
import { examined, skipped } from "../finding.js";
import { header, type Outcome, succeeded, summary } from "../net/answer.js";

export const metadataPublicCheck: Check = {
  id: "V13",
  title: "The metadata can be read by any client: any version, from a browser, by HEAD and OPTIONS",
  section: "RFC 9728 §3; Fetch standard, CORS protocol",
  async examine(inspection) {
    const url = (await inspection.metadata()).chosen?.url;
    if (url === undefined) return skipped("there is no metadata");
    const origin = "https://client.example";
    const stale = await inspection.fetch({ url, headers: [["MCP-Protocol-Version", "2024-11-05"]] });
    const browser = await inspection.fetch({ url, headers: [["Origin", origin]] });
    const head = await inspection.fetch({ method: "HEAD", url });
    const preflight = await inspection.fetch({
      method: "OPTIONS",
      url,
      headers: [
        ["Origin", origin],
        ["Access-Control-Request-Method", "GET"],
        ["Access-Control-Request-Headers", "mcp-protocol-version"],
      ],
    });
    return examined(
      `Origin ${origin}: ${allowed(browser)}`,
      !succeeded(stale) && {
        code: "metadata-refuses-version",
        severity: "warn",
        seen: `with MCP-Protocol-Version: 2024-11-05: ${summary(stale)}`,
        why: "goose and codex send this header while they discover.",
        change: "Ignore MCP-Protocol-Version on the metadata route",
      },
      !succeeded(browser) && {
        code: "metadata-refuses-origin",
        severity: "warn",
        seen: `with Origin: ${origin}: ${summary(browser)}`,
        why: "The document is public; browser clients cannot begin.",
        change: "Register the metadata route before any check of Origin",
      },
      succeeded(browser) &&
        allowed(browser) !== "*" &&
        allowed(browser) !== origin && {
          code: "metadata-without-cors",
          severity: "warn",
          seen: `Access-Control-Allow-Origin: ${allowed(browser)}`,
          why: "A browser client may not read the document, so it cannot start a login.",
          change: "On the metadata: Access-Control-Allow-Origin: *",
        },
      !succeeded(head) && {
        code: "metadata-refuses-head",
        severity: "warn",
        seen: `HEAD: ${summary(head)}`,
        why: "HEAD must work wherever GET does.",
        change: "Answer HEAD as GET without the body",
        section: "RFC 9110 §9.3.2",
      },
      !permits(preflight) && {
        code: "metadata-refuses-preflight",
        severity: "warn",
        seen: `OPTIONS: ${summary(preflight)}, Access-Control-Allow-Origin: ${allowed(preflight)}, Access-Control-Allow-Headers: ${headersAllowed(preflight)}`,
        why: "Browser clients that send MCP-Protocol-Version ask first.",
        change:
          "Answer OPTIONS on the metadata with 204, Access-Control-Allow-Origin: *, Access-Control-Allow-Headers: MCP-Protocol-Version",
      },
    );
  },
};

/** Whether a browser goes on after this preflight: origin and header are allowed (Fetch standard, CORS preflight). */
function permits(preflight: Outcome): boolean {
  const names = headersAllowed(preflight)
    .toLowerCase()
    .split(/\s*,\s*/);
  const named = names.includes("mcp-protocol-version") || names.includes("*");
  return succeeded(preflight) && allowed(preflight) !== "none" && named;
}

function headersAllowed(outcome: Outcome): string {
  return (outcome.kind === "answer" ? header(outcome, "access-control-allow-headers") : undefined) ?? "none";
}

function allowed(outcome: Outcome): string {
  return (outcome.kind === "answer" ? header(outcome, "access-control-allow-origin") : undefined) ?? "none";
}
