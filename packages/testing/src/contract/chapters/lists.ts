import { equal } from "node:assert/strict";
import { insufficientScope, served } from "../expected.js";
import { authorized, callFor, legacy } from "../requests.js";
import type { ContractRow, ContractScenario, ExpectedAnswer } from "../row.js";
import { row, withToken } from "../rows.js";

const tool = (name: string, ...scopes: readonly string[]): unknown => ({
  name,
  _meta: { securitySchemes: [{ type: "oauth2", scopes }] },
});

/** The probe's list, as it goes out. */
function list(tools: readonly unknown[], cacheScope: string, scopes: string): ExpectedAnswer {
  const plain = served("tools/list", { scopes });
  const { result, ...message } = plain.body as { result: object };
  return { ...plain, body: { ...message, result: { ...result, tools, cacheScope } } };
}

const scheme = "SEP-1488: hosts learn from _meta.securitySchemes what a tool needs before they call it";
const filtered = "MCP 2026-07-28 Caching: what depends on the caller is never public";
const late =
  "MCP 2026-07-28 Authorization, Runtime Insufficient Scope Errors: also where a tool finds out by itself";

export const lists: readonly ContractRow[] = [
  withToken(
    "N199",
    "says of each tool in a list what it needs",
    scheme,
    legacy("tools/list"),
    list(
      [tool("list_todos", "todo:read"), tool("create_todo", "todo:write"), { name: "undeclared" }],
      "public",
      "todo:read",
    ),
  ),
  withToken(
    "N199 N200",
    "leaves out of a list what the caller may not use, where lists are filtered",
    filtered,
    legacy("tools/list"),
    list([tool("list_todos", "todo:read")], "private", "todo:read"),
    { setup: "filtered lists" },
  ),
  row(
    "N199",
    "shows a caller with more scopes more of a list",
    filtered,
    ({ mint }) => authorized(mint.token({ scope: "todo:read todo:write" }), legacy("tools/list")),
    list(
      [tool("list_todos", "todo:read"), tool("create_todo", "todo:write")],
      "private",
      "todo:read todo:write",
    ),
    { setup: "filtered lists" },
  ),
  withToken("P5", "asks for the scopes that a tool finds missing while it runs", late, callFor("deny"), {
    ...insufficientScope("todo:read todo:admin"),
    ran: true,
  }),
];

export const streamedLists: readonly ContractScenario[] = [
  {
    rows: ["N199"],
    title: "leaves tools out of a list that comes as a stream, too",
    why: filtered,
    setup: "filtered lists",
    async run({ exchange, mints: { mint } }) {
      const answer = await exchange(
        authorized(mint.token(), legacy("tools/list", { arguments: { answer: "sse" } })),
      );
      const tools =
        '[{"name":"list_todos","_meta":{"securitySchemes":[{"type":"oauth2","scopes":["todo:read"]}]}}]';
      const result = `{"served":"tools/list","to":"user_1","scopes":"todo:read","tools":${tools},"cacheScope":"private"}`;
      equal(
        answer.text,
        `event: message\ndata: {"jsonrpc":"2.0","method":"notifications/progress"}\n\nevent: message\ndata: {"jsonrpc":"2.0","id":1,"result":${result}}\n\n`,
      );
    },
  },
];
