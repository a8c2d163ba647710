import type { Check } from "../../check.js";
import { examined, skipped } from "../../finding.js";
import { type McpRequest, modernRequest, olderVersion } from "../../mcp/message.js";
import { replyOf } from "../../mcp/reply.js";
import { type Outcome, summary } from "../../net/answer.js";
import type { SessionSubject } from "./subject.js";

const mismatch = -32020;

export const mirroredHeadersCheck: Check<SessionSubject> = {
  id: "V25",
  title: "Headers that contradict the body are refused",
  section: "MCP 2026-07-28 Streamable HTTP, Standard Request Headers",
  async examine({ session }) {
    if (session.grant === undefined) return skipped("no token");
    if (session.era !== "modern") return skipped("the server speaks an earlier revision");
    const list = modernRequest({ method: "tools/list", id: 7 });
    const call = modernRequest({ method: "tools/call", params: { name: "a", arguments: {} }, id: 8 });
    const tries = [
      ["Mcp-Method", with_(list, "Mcp-Method", "tools/call")],
      ["Mcp-Name", with_(call, "Mcp-Name", "b")],
      ["MCP-Protocol-Version", with_(list, "MCP-Protocol-Version", olderVersion)],
    ] as const;
    const outcomes: (readonly [string, Outcome])[] = [];
    for (const [name, request] of tries) outcomes.push([name, await session.probe(request)]);
    const passed = outcomes
      .filter(([, outcome]) => !refuses(outcome))
      .map(([name, outcome]) => `${name}: ${summary(outcome)}`);
    return examined(
      outcomes.map(([name, outcome]) => `${name}: ${summary(outcome)}`).join("; "),
      passed.length > 0 && {
        code: "headers-contradict-body",
        severity: "fail",
        seen: `not refused with JSON-RPC ${mismatch}: ${passed.join("; ")}`,
        why: "A gateway decides by the header, the server by the body: a forbidden call passes as an allowed one.",
        change: `Compare Mcp-Method, Mcp-Name and MCP-Protocol-Version with the body; answer 400 with JSON-RPC error ${mismatch}`,
      },
    );
  },
};

function with_(request: McpRequest, name: string, value: string): McpRequest {
  const headers = request.headers.map(([field, old]) => [field, field === name ? value : old] as const);
  return { ...request, headers };
}

function refuses(outcome: Outcome): boolean {
  if (outcome.kind === "failure") return true;
  // A refusal for want of permission came first: it does not show that the header was believed.
  if (outcome.status === 401 || outcome.status === 403) return true;
  return outcome.status === 400 && replyOf(outcome)?.error?.code === mismatch;
}
