import type { Check } from "../check.js";
import { examined, type Problem, skipped } from "../finding.js";
import type { Inspection } from "../inspection.js";
import { modernRequest } from "../mcp/message.js";
import { type Answer, header, headerValues, isSuccess, type Outcome, summary } from "../net/answer.js";

const asked = ["authorization", "content-type", "mcp-protocol-version", "mcp-method", "mcp-name"];

export const corsCheck: Check = {
  id: "V28",
  title: "A browser client can ask first and can read the challenge",
  section: "Fetch standard, CORS protocol",
  async examine(inspection) {
    const { origin } = inspection.url;
    const preflight = await preflightFrom(inspection, origin);
    const refusal = await inspection.post(modernRequest({ method: "server/discover" }), [["Origin", origin]]);
    if (preflight.kind === "failure" || refusal.kind === "failure") return skipped("no answer");
    return examined(
      `preflight ${preflight.status}, Access-Control-Allow-Headers: ${header(preflight, "access-control-allow-headers") ?? "none"}`,
      preflightProblem(preflight, origin),
      exposureProblem(refusal, origin),
      reflectionProblem(await preflightFrom(inspection, "https://evil.example")),
    );
  },
};

function preflightFrom(inspection: Inspection, origin: string): Promise<Outcome> {
  return inspection.fetch({
    method: "OPTIONS",
    url: inspection.url.href,
    headers: [
      ["Origin", origin],
      ["Access-Control-Request-Method", "POST"],
      ["Access-Control-Request-Headers", asked.join(", ")],
    ],
  });
}

function preflightProblem(preflight: Answer, origin: string): Problem | undefined {
  const allowOrigin = header(preflight, "access-control-allow-origin");
  const listed = list(preflight, "access-control-allow-headers");
  // A wildcard does not cover Authorization (Fetch standard).
  const missing = asked.filter(
    (name) => !listed.includes(name) && !(listed.includes("*") && name !== "authorization"),
  );
  const why = "A preflight carries no token; unless it is answered, browser clients cannot even begin.";
  const change = `Answer OPTIONS without a token: 204, Access-Control-Allow-Origin: ${origin} (the origins you allow), Access-Control-Allow-Methods: POST, GET, DELETE, OPTIONS, Access-Control-Allow-Headers: Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID`;
  if (!isSuccess(preflight) || allowOrigin === undefined) {
    const seen = `OPTIONS from ${origin}: ${summary(preflight)}, Access-Control-Allow-Origin: ${allowOrigin ?? "none"}`;
    return { code: "preflight-refused", severity: "warn", seen, why, change };
  }
  if (missing.length === 0) return undefined;
  const seen = `Access-Control-Allow-Headers lacks ${missing.join(", ")}`;
  return {
    code: "preflight-lacks-headers",
    severity: "warn",
    seen,
    why: "Browsers then block the request.",
    change,
  };
}

function exposureProblem(refusal: Answer, origin: string): Problem | undefined {
  const allowed = header(refusal, "access-control-allow-origin");
  const exposed = list(refusal, "access-control-expose-headers");
  if (allowed !== undefined && exposed.includes("www-authenticate")) return undefined;
  return {
    code: "challenge-not-exposed",
    severity: "warn",
    seen: `${refusal.status} to Origin: ${origin}: Access-Control-Allow-Origin: ${allowed ?? "none"}, Access-Control-Expose-Headers: ${exposed.join(", ") || "none"}`,
    why: "A browser client sees a network error instead of the challenge: it reports that the server cannot be reached.",
    change: `On every answer, 401 and 403 too: Access-Control-Allow-Origin: ${origin} (the origins you allow), Vary: Origin, Access-Control-Expose-Headers: WWW-Authenticate, MCP-Protocol-Version, Mcp-Session-Id`,
  };
}

function reflectionProblem(preflight: Outcome): Problem | undefined {
  if (preflight.kind === "failure") return undefined;
  const allowed = header(preflight, "access-control-allow-origin");
  if (allowed !== "https://evil.example" && allowed !== "*") return undefined;
  const credentials = header(preflight, "access-control-allow-credentials") === "true";
  return {
    code: "cors-any-origin",
    severity: credentials ? "fail" : allowed === "*" ? "info" : "warn",
    seen: `Access-Control-Allow-Origin: ${allowed} to Origin: https://evil.example${credentials ? ", with credentials" : ""}`,
    why: "Any web page may read what the server answers to it.",
    change:
      "Allow the origins on your list only, the same list that Origin is checked against, and never send Access-Control-Allow-Credentials",
  };
}

function list(answer: Answer, name: string): readonly string[] {
  return headerValues(answer, name).flatMap((value) => value.toLowerCase().split(/\s*,\s*/));
}
