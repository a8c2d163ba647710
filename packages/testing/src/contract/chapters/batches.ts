import type { Claims } from "../../mint/token-mint.js";
import type { RawRequest } from "../../raw/request.js";
import { accessDenied, insufficientScope, served } from "../expected.js";
import { posted } from "../requests.js";
import type { ContractRow, ExpectedAnswer } from "../row.js";
import { withToken } from "../rows.js";

const row = (
  rows: string,
  title: string,
  why: string,
  request: RawRequest,
  expected: ExpectedAnswer,
  claims: Claims = {},
  setup: ContractRow["setup"] = "main",
): ContractRow => withToken(rows, title, why, request, expected, { claims, setup });

const each =
  "MCP 2025-03-26: servers accept batches; each member is authorized, and one that may not stops them all";

const write = insufficientScope("todo:read todo:write");

const batch = (...messages: readonly unknown[]): RawRequest =>
  posted(JSON.stringify(messages), [["MCP-Protocol-Version", "2025-03-26"]]);

const member = (id: number, name: string): unknown => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name },
});

export const batches: readonly ContractRow[] = [
  {
    ...row(
      "N159",
      "serves a batch whose every member may be called",
      each,
      batch(member(1, "list_todos"), member(2, "whoami")),
      served("tools/call list_todos"),
    ),
    expected: {
      ...served("tools/call list_todos"),
      body: [
        {
          jsonrpc: "2.0",
          id: 1,
          result: { served: "tools/call list_todos", to: "user_1", scopes: "todo:read" },
        },
        { jsonrpc: "2.0", id: 2, result: { served: "tools/call whoami", to: "user_1", scopes: "todo:read" } },
      ],
    },
  },
  row(
    "N159",
    "refuses a batch with one privileged member",
    each,
    batch(member(1, "list_todos"), member(2, "create_todo")),
    write,
  ),
  row(
    "N159",
    "asks for what all members of a batch need together",
    each,
    batch(member(1, "create_todo"), member(2, "delete_todo")),
    insufficientScope("todo:read todo:write todo:delete"),
  ),
  row(
    "N159",
    "refuses a batch with one closed member",
    each,
    batch(member(1, "list_todos"), member(2, "drop_database")),
    accessDenied,
  ),
];
