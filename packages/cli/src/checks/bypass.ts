import type { Check } from "../check.js";
import { examined, type Problem, skipped } from "../finding.js";
import type { Inspection } from "../inspection.js";
import { initializeRequest, type McpRequest, modernRequest } from "../mcp/message.js";
import { reachedHandler } from "../mcp/reply.js";
import { type HeaderLines, header, isSuccess, summary } from "../net/answer.js";
import { sideBySide } from "../once.js";
import { bypassTargets } from "./bypass-targets.js";

interface Attempt {
  readonly name: string;
  readonly target: string;
  readonly method?: string;
  readonly headers?: HeaderLines;
}

/** An id that nobody else would answer with. */
const id = 902_100_377;

export const bypassCheck: Check = {
  id: "V23",
  title: "No spelling of the URL, no method and no header leads past the guard",
  section: "RFC 3986 §6; RFC 9110 §7.1",
  async examine(inspection) {
    const plain = await inspection.discover();
    if (plain.kind === "failure") return skipped("no answer");
    if (isSuccess(plain)) return skipped("the endpoint itself is open");
    const attempts = attemptsFor(inspection);
    const reached = await sideBySide(attempts, 6, async (attempt) => {
      for (const request of [initializeRequest(id), modernRequest({ method: "server/discover", id })]) {
        const status = await reach(inspection, attempt, request);
        if (status !== undefined) return `${attempt.name} (${status})`;
      }
      return undefined;
    });
    const open = reached.filter((name) => name !== undefined);
    return examined(
      `${attempts.length} ways tried`,
      open.length > 0 && {
        code: "guard-bypassed",
        severity: "fail",
        seen: `answered by the MCP handler without a token: ${open.join("; ")}`,
        why: "Whoever knows the spelling uses every tool without a login.",
        change:
          "Attach the guard to the MCP handler itself instead of testing the path, and exempt only the exact well-known routes (never path.includes('.well-known'))",
      },
      await otherTransport(inspection),
    );
  },
};

function attemptsFor(inspection: Inspection): readonly Attempt[] {
  const target = inspection.target;
  const wellKnown = "/.well-known/oauth-protected-resource";
  return [
    ...bypassTargets(inspection.url.pathname, inspection.url).map((spelling) => ({
      name: `POST ${spelling}`,
      target: spelling,
    })),
    ...["X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Path"].map((name) => ({
      name: `${name}: ${wellKnown}`,
      target,
      headers: [[name, wellKnown] as const],
    })),
    ...["X-HTTP-Method-Override", "X-Method-Override"].map((name) => ({
      name: `${name}: OPTIONS`,
      target,
      headers: [[name, "OPTIONS"] as const],
    })),
    ...["HEAD", "PUT", "PATCH", "OPTIONS", "QUERY"].map((method) => ({ name: method, target, method })),
  ];
}

async function reach(
  inspection: Inspection,
  { target, method = "POST", headers = [] }: Attempt,
  request: McpRequest,
): Promise<number | undefined> {
  const outcome = await inspection.raw({
    method,
    target,
    headers: [...request.headers, ...headers],
    body: request.body,
  });
  return outcome.kind === "answer" && reachedHandler(outcome, id) ? outcome.status : undefined;
}

/** The transport of MCP 2024-11-05, which servers keep for old clients and forget to guard. */
async function otherTransport(inspection: Inspection): Promise<Problem | undefined> {
  const url = new URL("/sse", inspection.url);
  if (url.pathname === inspection.url.pathname) return undefined;
  const outcome = await inspection.fetch({ url: url.href, headers: [["Accept", "text/event-stream"]] });
  if (outcome.kind === "failure" || !isSuccess(outcome)) return undefined;
  if (!/^text\/event-stream/i.test(header(outcome, "content-type") ?? "")) return undefined;
  return {
    code: "other-transport-open",
    severity: "fail",
    seen: `GET ${url.href}: ${summary(outcome)}`,
    why: "The same tools are served there without a login.",
    change: "Put the same guard on /sse and /messages, or remove them",
  };
}
