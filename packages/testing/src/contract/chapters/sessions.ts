import { deepStrictEqual, equal } from "node:assert/strict";
import type { RawAnswer } from "../../raw/answer.js";
import type { RawRequest } from "../../raw/request.js";
import { invalidRequest } from "../expected.js";
import { authorized, call, legacy, withHeaders } from "../requests.js";
import type { ContractRow, ContractScenario, Scene } from "../row.js";
import { withToken } from "../rows.js";

const why =
  "MCP 2025-11-25 Security Best Practices, Session Hijacking: a session belongs to the user who opened it; anybody else's is unknown";

const initialize = (session: string): RawRequest =>
  legacy("initialize", {
    protocolVersion: "2025-11-25",
    capabilities: {},
    arguments: { answer: "session", session },
  });

const inSession = (session: string, request: RawRequest = call("list_todos")): RawRequest =>
  withHeaders([["Mcp-Session-Id", session]], request);

type Who = Readonly<Record<string, unknown>>;
const alice: Who = { sub: "alice" };
const bob: Who = { sub: "bob" };

const as = ({ exchange, mints: { mint } }: Scene, who: Who, request: RawRequest): Promise<RawAnswer> =>
  exchange(authorized(mint.token(who), request));

function isUnknown(answer: RawAnswer): void {
  equal(answer.status, 404);
  equal(answer.header("WWW-Authenticate"), undefined);
  const { error } = answer.json() as { error: unknown };
  deepStrictEqual(error, { code: -32001, message: "Session not found" });
}

export const sessions: readonly ContractScenario[] = [
  {
    rows: ["N185", "N107"],
    title: "does not know a session that somebody else opened, whatever is asked of it",
    why,
    setup: "main",
    async run(scene) {
      equal((await as(scene, alice, initialize("alices"))).header("Mcp-Session-Id"), "alices");
      scene.probe.clear();
      isUnknown(await as(scene, bob, inSession("alices")));
      isUnknown(await as(scene, bob, inSession("alices", { method: "GET" })));
      isUnknown(
        await as(scene, bob, inSession("alices", { method: "GET", headers: [["Last-Event-ID", "1"]] })),
      );
      isUnknown(await as(scene, bob, inSession("alices", { method: "DELETE" })));
      equal(scene.probe.runs.length, 0);
      equal((await as(scene, alice, inSession("alices"))).status, 200);
    },
  },
  {
    rows: ["N185"],
    title: "does not know somebody else's session either when the body claims the newest protocol",
    why: "MCP 2026-07-28 has no sessions, but a server of an older protocol reads the header and not the claim",
    setup: "main",
    async run(scene) {
      await as(scene, alice, initialize("claimed"));
      const _meta = { "io.modelcontextprotocol/protocolVersion": "2025-11-25" };
      isUnknown(
        await as(scene, bob, inSession("claimed", legacy("tools/call", { name: "list_todos", _meta }))),
      );
    },
  },
  {
    rows: ["N188"],
    title: "knows the owner of a session by a token that was refreshed",
    why: "MCP 2025-11-25 Security Best Practices: bound to the user, not to the token's text",
    setup: "main",
    async run(scene) {
      await as(scene, alice, initialize("refreshed"));
      equal(
        (await as(scene, { ...alice, scope: "todo:read todo:write" }, inSession("refreshed"))).status,
        200,
      );
    },
  },
  {
    rows: ["N189"],
    title: "does not know the session of the same user with another client",
    why,
    setup: "main",
    async run(scene) {
      await as(scene, alice, initialize("of-client-1"));
      isUnknown(await as(scene, { ...alice, client_id: "client_2" }, inSession("of-client-1")));
    },
  },
  {
    rows: ["N187"],
    title: "asks for a new token in a session whose token has expired",
    why: "MCP 2026-07-28 Authorization: every request is authorized, also within one session",
    setup: "main",
    async run(scene) {
      await as(scene, alice, initialize("expiring"));
      const { exchange, mints } = scene;
      equal((await exchange(authorized(mints.mint.wrong("expired"), inSession("expiring")))).status, 401);
    },
  },
  {
    rows: ["N191"],
    title: "gives a session to whoever opens it, after it has ended",
    why: "MCP 2025-11-25 Streamable HTTP, Session Management: DELETE ends a session",
    setup: "main",
    async run(scene) {
      await as(scene, alice, initialize("ended"));
      equal((await as(scene, alice, inSession("ended", { method: "DELETE" }))).status, 200);
      equal((await as(scene, bob, initialize("ended"))).status, 200);
      equal((await as(scene, bob, inSession("ended"))).status, 200);
      isUnknown(await as(scene, alice, inSession("ended")));
    },
  },
];

const visible =
  "MCP 2025-11-25 Streamable HTTP, Session Management: an id is one value of visible ASCII characters";

export const sessionIds: readonly ContractRow[] = [
  withToken(
    "N185",
    "refuses two session ids in one request",
    visible,
    inSession("other", inSession("first")),
    invalidRequest(1),
  ),
  withToken("N190", "refuses a session id with a space in it", visible, inSession("a b"), invalidRequest(1)),
  withToken("N190", "refuses a session id beyond ASCII", visible, inSession("caf\u00e9"), invalidRequest(1)),
];
