import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Finding, verify } from "../src/index.js";
import { type AuthorizationServer, startAuthorizationServer } from "./servers/authorization-server.js";
import { startModelServer } from "./servers/model-server.js";
import { startSessionServer } from "./servers/session-server.js";

let authorizationServer: AuthorizationServer;
beforeAll(async () => {
  authorizationServer = await startAuthorizationServer();
});
afterAll(() => authorizationServer.close());

/** What V27 says when the first user's session meets a token of the second. */
async function sessionsOf(checked: readonly string[], second: string | { sub: string }): Promise<Finding[]> {
  const server = await startSessionServer(checked);
  const mint = (sub: string): string => authorizationServer.mint("todo:read", server.url, { sub });
  try {
    const { findings } = await verify({
      url: server.url,
      login: { kind: "token", token: mint("user-1") },
      secondToken: typeof second === "string" ? second : mint(second.sub),
      only: ["V27"],
    });
    return findings.filter(({ check }) => check === "V27");
  } finally {
    await server.close();
  }
}

describe("another user's token with this session's id (V27)", () => {
  it.each([
    [[], "POST tools/list: HTTP 200, application/json; GET, the stream: HTTP 200, text/event-stream"],
    [["POST"], "GET, the stream: HTTP 200, text/event-stream"],
    [["GET"], "POST tools/list: HTTP 200, application/json"],
  ])("is found to be let in where the owner is looked at for %j only", async (checked, seen) => {
    const [finding] = await sessionsOf(checked, { sub: "user-2" });
    expect(finding).toMatchObject({ code: "session-shared", outcome: "fail" });
    expect(finding?.seen).toContain(seen);
  });

  it("is no finding where it is answered 404", async () => {
    const [finding] = await sessionsOf(["POST", "GET"], { sub: "user-2" });
    expect(finding).toMatchObject({ outcome: "pass" });
    expect(finding?.seen).toContain("its session is its own");
  });

  it.each([
    ["of the same user", { sub: "user-1" }, "both tokens are of user-1 at http://127.0.0.1:"],
    ["that the server refuses", "not-a-token", "with the second token, initialize: HTTP 401"],
  ])("proves nothing when it is one %s", async (_, second, seen) => {
    const [finding] = await sessionsOf([], second);
    expect(finding).toMatchObject({ code: "second-token-unfit", outcome: "info" });
    expect(finding?.seen).toContain(seen);
  });

  it("has nothing to take over where there are no sessions", async () => {
    const server = await startModelServer();
    const token = server.authorizationServer.mint("todo:read", server.url);
    const secondToken = server.authorizationServer.mint("todo:read", server.url, { sub: "user-2" });
    const report = await verify({
      url: server.url,
      login: { kind: "token", token },
      secondToken,
      only: ["V27"],
    });
    await server.close();
    expect(report.findings.at(-1)?.seen).toContain("no session that could be taken over");
    expect(JSON.stringify(report)).not.toContain(secondToken);
  });
});
