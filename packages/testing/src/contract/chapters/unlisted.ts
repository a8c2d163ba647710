import type { Claims } from "../../mint/token-mint.js";
import type { RawRequest } from "../../raw/request.js";
import { accessDenied, insufficientScope } from "../expected.js";
import { call, legacy, modernCall, withHeaders } from "../requests.js";
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

const closed = "RFC 9700 §2.3, CWE-862: what has no rule is refused";

const body =
  "MCP 2026-07-28 Streamable HTTP, Server Validation: the body is the source of truth; a policy never reads mirrored headers";

const write = insufficientScope("todo:read todo:write");

export const unlisted: readonly ContractRow[] = [
  row("N168", "closes a tool without a rule", closed, call("drop_database"), accessDenied),
  row(
    "N168",
    "closes a tool without a rule in the newest protocol",
    closed,
    modernCall("drop_database"),
    accessDenied,
  ),
  ...[
    "List_todos",
    " list_todos",
    "list_todos ",
    "list_todos\u0000",
    "nai\u0308ve 東京",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "",
  ].map((name) =>
    row("N169", `closes ${JSON.stringify(name)}, which is no tool of ours`, closed, call(name), accessDenied),
  ),
  row(
    "N168",
    "closes a resource without a rule",
    closed,
    legacy("resources/read", { uri: "file:///etc/passwd" }),
    accessDenied,
  ),
  row(
    "N168",
    "closes a prompt without a rule",
    closed,
    legacy("prompts/get", { name: "other" }),
    accessDenied,
  ),
  row(
    "N171",
    "does not match a template across path segments",
    "RFC 6570 §3.2.2: a simple expression expands to no slash",
    legacy("resources/read", { uri: "todo://secret/1/../../list" }),
    accessDenied,
  ),
];

export const disguised: readonly ContractRow[] = [
  row(
    "N166",
    "decides about the tool in the body where the header names another",
    body,
    withHeaders(
      [
        ["Mcp-Name", "list_todos"],
        ["Mcp-Method", "tools/call"],
      ],
      call("create_todo"),
    ),
    write,
  ),
  row(
    "N165",
    "decides about the body of a request without any header of MCP",
    body,
    { ...call("create_todo"), headers: [["Content-Type", "application/json"]] },
    write,
  ),
  row(
    "N183",
    "does not believe what a message says about its sender",
    "MCP 2026-07-28 Base Protocol: clientInfo must not steer security",
    legacy("tools/call", {
      name: "create_todo",
      _meta: { user: "admin", auth: { scopes: ["todo:write"] }, clientInfo: { name: "trusted" } },
    }),
    write,
  ),
  row(
    "N183",
    "does not believe what a header says about its sender",
    "MCP 2026-07-28 Base Protocol",
    withHeaders(
      [
        ["X-User-Id", "admin"],
        ["X-Forwarded-User", "admin"],
        ["X-Scopes", "todo:write"],
      ],
      call("create_todo"),
    ),
    write,
  ),
];
