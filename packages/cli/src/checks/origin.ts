import type { Check } from "../check.js";
import { examined, skipped } from "../finding.js";
import { modernRequest } from "../mcp/message.js";
import { isSuccess, summary } from "../net/answer.js";

export const originChecks: readonly Check[] = [
  {
    id: "V18",
    title: "A page of another origin is refused before anything else",
    section: "MCP Streamable HTTP, Security & Endpoint",
    async examine(inspection) {
      const origin = "https://evil.example";
      const outcome = await inspection.post(modernRequest({ method: "server/discover" }), [
        ["Origin", origin],
      ]);
      if (outcome.kind === "failure") return skipped(summary(outcome));
      return examined(
        `Origin: ${origin}: ${outcome.status}`,
        outcome.status !== 403 && {
          code: "origin-not-checked",
          severity: inspection.isLoopback || isSuccess(outcome) ? "fail" : "warn",
          seen: `Origin: ${origin} without a token: ${summary(outcome)}, not 403`,
          why: "Servers must refuse foreign origins; otherwise any web page can talk to a local server (DNS rebinding).",
          change: `At ${inspection.url.pathname}, before authentication, answer 403 when an Origin header is there and is not on a list (${inspection.url.origin} and your own pages)`,
        },
      );
    },
  },
  {
    id: "V19",
    title: "A local server refuses a foreign Host",
    section: "MCP security best practices, DNS rebinding",
    async examine(inspection) {
      if (!inspection.isLoopback) return skipped("matters for servers on loopback only");
      const { headers, body } = modernRequest({ method: "server/discover" });
      const outcome = await inspection.raw({
        method: "POST",
        target: inspection.target,
        headers: [["Host", "evil.example"], ...headers],
        body,
      });
      if (outcome.kind === "failure") return skipped(summary(outcome));
      const refused = outcome.status >= 400 && outcome.status < 500 && outcome.status !== 401;
      return examined(
        `Host: evil.example: ${outcome.status}`,
        !refused && {
          code: "host-not-checked",
          severity: outcome.status === 401 ? "warn" : "fail",
          seen: `Host: evil.example: ${summary(outcome)}, not 403`,
          why: "With DNS rebinding a web page reaches a local server under its own name.",
          change:
            "On loopback, answer 403 unless Host is localhost, 127.0.0.1 or [::1] with the server's port",
        },
      );
    },
  },
];
