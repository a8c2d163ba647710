import type { Problem } from "../../finding.js";
import { initializeRequest, olderVersion } from "../../mcp/message.js";
import type { HostSession } from "../../mcp/session.js";
import { type Outcome, succeeded, summary } from "../../net/answer.js";
import { decodedToken } from "./decoded-token.js";

/** What comes of it when another user presents this session's id (MCP security best practices, Session Hijacking). */
export async function otherUserProblem(session: HostSession, token: string): Promise<Problem | undefined> {
  const { sessionId, grant } = session;
  // Without a session there is nothing to take over: MCP 2026-07-28, or a stateless server.
  if (sessionId === undefined || grant === undefined) return undefined;
  const user = userOf(grant.token);
  if (user !== undefined && user === userOf(token)) return unfit(`both tokens are of ${user}`);
  const alone = await session.probe(initializeRequest(), { token });
  if (!succeeded(alone)) return unfit(`with the second token, initialize: ${summary(alone)}`);
  const tries: readonly (readonly [string, Outcome])[] = [
    ["POST tools/list", await session.probe({ method: "tools/list" }, { token })],
    ["GET, the stream", await stream(session, sessionId, token)],
  ];
  const taken = tries.filter(([, outcome]) => succeeded(outcome));
  if (taken.length === 0) return undefined;
  return {
    code: "session-shared",
    severity: "fail",
    seen: `another user's token with this session's id: ${taken.map(([name, outcome]) => `${name}: ${summary(outcome)}`).join("; ")}`,
    why: "Whoever learns a session id takes the session over.",
    change:
      "Keep issuer and subject of the token that opened a session; answer POST, GET and DELETE with its id and any other user's token 404, as if there were no such session",
  };
}

/** DELETE is left out: where it works, it ends the session that the other checks still need. */
function stream(session: HostSession, sessionId: string, token: string): Promise<Outcome> {
  const { inspection } = session;
  return inspection.fetch({
    url: inspection.url.href,
    headers: [
      ["Accept", "text/event-stream"],
      ["MCP-Protocol-Version", olderVersion],
      ["Mcp-Session-Id", sessionId],
      ["Authorization", `Bearer ${token}`],
    ],
  });
}

/** A user is a subject of an issuer; undefined for an opaque token. */
function userOf(token: string): string | undefined {
  const claims = decodedToken(token)?.claims;
  return claims === undefined ? undefined : `${String(claims.sub)} at ${String(claims.iss)}`;
}

function unfit(seen: string): Problem {
  return {
    code: "second-token-unfit",
    severity: "info",
    seen,
    why: "Whether sessions are kept apart was not examined: that takes a token of another user that the server accepts.",
    change: "Give the token of another user of the same server with --token2",
  };
}
