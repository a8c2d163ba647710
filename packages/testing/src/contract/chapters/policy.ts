import type { RawRequest } from "../../raw/request.js";
import {
  accessDenied,
  insufficientScope,
  served,
  temporarilyUnavailable,
  unauthorized,
} from "../expected.js";
import { authorized, call, legacy, listTodos, modern, modernCall, posted, withHeaders } from "../requests.js";
import type { ContractRow, ExpectedAnswer } from "../row.js";

const all =
  "MCP 2026-07-28 Authorization, Runtime Insufficient Scope Errors: one challenge names all scopes that the operation needs";
const closed = "RFC 9700 §2.3, CWE-862: what has no rule is refused";
const body =
  "MCP 2026-07-28 Streamable HTTP, Server Validation: the body is the source of truth; a policy never reads mirrored headers";

type Granted = Readonly<Record<string, unknown>>;

const row = (
  rows: string,
  title: string,
  why: string,
  request: RawRequest,
  expected: ExpectedAnswer,
  granted: Granted = {},
  setup: ContractRow["setup"] = "main",
): ContractRow => ({
  rows: rows.split(" "),
  title,
  why,
  setup,
  request: ({ mint }) => authorized(mint.token(granted), request),
  expected,
});

const write = insufficientScope("todo:read todo:write");
const admin = insufficientScope("todo:read todo:admin");

const stepUp: readonly ContractRow[] = [
  row("P5", "asks for the scope of a tool", all, modernCall("create_todo"), write),
  row(
    "P5",
    "serves the tool to a token that has it",
    all,
    modernCall("create_todo"),
    served("tools/call create_todo", { scopes: "todo:read todo:write" }),
    { scope: "todo:read todo:write" },
  ),
  row(
    "N181",
    "asks for every scope of a tool at once",
    all,
    modernCall("delete_todo"),
    insufficientScope("todo:read todo:write todo:delete"),
  ),
  row(
    "N181",
    "asks for every scope of a tool where one is there already",
    all,
    modernCall("delete_todo"),
    insufficientScope("todo:read todo:write todo:delete"),
    { scope: "todo:read todo:write" },
  ),
  row(
    "R39",
    "repeats what older clients have, for they replace it",
    "MCP 2025-11-25 Authorization, Scope Selection: the challenge's scopes replace the client's",
    call("create_todo"),
    insufficientScope("profile todo:read todo:write"),
    { scope: "profile todo:read" },
  ),
  row(
    "R39",
    "does not repeat what the newest clients keep by themselves",
    "MCP 2026-07-28 Authorization, Step-Up: clients unite scopes",
    modernCall("create_todo"),
    write,
    { scope: "profile todo:read" },
  ),
  row(
    "R10",
    "never asks for offline_access",
    "MCP 2026-07-28 Authorization, Refresh Tokens",
    call("create_todo"),
    write,
    { scope: "offline_access todo:read" },
  ),
  row(
    "N180",
    "asks for the baseline where a token has nothing",
    all,
    listTodos,
    insufficientScope("todo:read"),
    { scope: "" },
  ),
  row("N180", "asks for the baseline for a list", all, modern("tools/list"), insufficientScope("todo:read"), {
    scope: "other",
  }),
  row(
    "N180",
    "asks for the baseline for a stream",
    all,
    { method: "GET" },
    insufficientScope("other todo:read"),
    { scope: "other" },
  ),
  row(
    "P5",
    "serves a tool for any caller to a token without scopes",
    "a rule of no scopes asks for authentication alone",
    call("whoami"),
    served("tools/call whoami", { scopes: "" }),
    { scope: "" },
  ),
];

const unlisted: readonly ContractRow[] = [
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

const otherRoutes: readonly ContractRow[] = [
  row(
    "N171",
    "serves a resource by its scope",
    all,
    modern("resources/read", { uri: "todo://list" }),
    served("resources/read todo://list"),
  ),
  row(
    "N171",
    "asks for the scope of a protected resource",
    all,
    modern("resources/read", { uri: "todo://secret/1" }),
    admin,
  ),
  row(
    "N171",
    "asks for the scope of a protected prompt",
    all,
    modern("prompts/get", { name: "audit" }),
    admin,
  ),
  row(
    "N171",
    "asks for a resource's scope where its values are completed",
    all,
    modern("completion/complete", {
      ref: { type: "ref/resource", uri: "todo://secret/{id}" },
      argument: { name: "id", value: "" },
    }),
    admin,
  ),
  row(
    "N171",
    "asks for a prompt's scope where its values are completed",
    all,
    modern("completion/complete", {
      ref: { type: "ref/prompt", name: "audit" },
      argument: { name: "a", value: "" },
    }),
    admin,
  ),
  row(
    "N171",
    "asks for a resource's scope where it is subscribed to",
    all,
    legacy("resources/subscribe", { uri: "todo://secret/1" }),
    admin,
  ),
  row(
    "N206",
    "asks for a resource's scope where its updates are listened to",
    all,
    modern("subscriptions/listen", {
      notifications: { resourceSubscriptions: ["todo://list", "todo://secret/1"] },
    }),
    admin,
  ),
  row(
    "N206",
    "closes a listener for a resource without a rule",
    closed,
    modern("subscriptions/listen", { notifications: { resourceSubscriptions: ["todo://other"] } }),
    accessDenied,
  ),
  row("N171", "asks for the scope of a method of one's own", all, modern("todo/export"), admin),
];

const disguised: readonly ContractRow[] = [
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

const batch = (...messages: readonly unknown[]): RawRequest =>
  posted(JSON.stringify(messages), [["MCP-Protocol-Version", "2025-03-26"]]);
const member = (id: number, name: string): unknown => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name },
});
const each =
  "MCP 2025-03-26: servers accept batches; each member is authorized, and one that may not stops them all";

const batches: readonly ContractRow[] = [
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

const asked = "the rule decides from the parsed arguments, which are those that the handler gets";
const mended = "RFC 9110 §15.5.4: no scope mends it, so no challenge sends the client to log in again";

const rules: readonly ContractRow[] = [
  row(
    "N179",
    "asks for more scopes where the arguments need more",
    asked,
    modern("tools/call", { name: "remove", arguments: { path: "/etc/passwd" } }),
    insufficientScope("todo:read todo:write todo:admin"),
    {},
    "rules",
  ),
  row(
    "N179",
    "asks for fewer scopes where the arguments need fewer",
    asked,
    modern("tools/call", { name: "remove", arguments: { path: "/tmp/x" } }),
    write,
    {},
    "rules",
  ),
  row(
    "N179",
    "serves what a rule that takes its time allows",
    asked,
    call("mine"),
    served("tools/call mine"),
    {},
    "rules",
  ),
  row("N182", "refuses what a rule denies", mended, call("mine"), accessDenied, { sub: "user_2" }, "rules"),
  row("N182", "keeps the reason of a denial to itself", mended, call("suspended"), accessDenied, {}, "rules"),
  row(
    "N217",
    "fails closed when a rule throws, and says nothing of it",
    "RFC 9110 §15.6.4; CWE-209",
    call("broken"),
    temporarilyUnavailable,
    {},
    "rules",
  ),
  row(
    "N217",
    "fails closed when a rule rejects, and says nothing of it",
    "RFC 9110 §15.6.4; CWE-209",
    call("rejected"),
    temporarilyUnavailable,
    {},
    "rules",
  ),
  row(
    "N217",
    "fails closed when a rule has no answer",
    "RFC 9110 §15.6.4",
    call("silent"),
    temporarilyUnavailable,
    {},
    "rules",
  ),
  row(
    "N182",
    "serves a person where a person is needed",
    mended,
    call("approve"),
    served("tools/call approve"),
    {},
    "rules",
  ),
  row(
    "N065 N182",
    "refuses a client that acts for itself where a person is needed",
    "RFC 9068 §2.2: sub of a client grant is the client",
    call("approve"),
    accessDenied,
    { sub: "client_1" },
    "rules",
  ),
  row(
    "N182",
    "serves a caller with the role",
    mended,
    call("audit"),
    served("tools/call audit"),
    { roles: ["auditor"] },
    "rules",
  ),
  row(
    "N182",
    "refuses a caller without the role",
    mended,
    call("audit"),
    accessDenied,
    { roles: ["owner"] },
    "rules",
  ),
  row(
    "N182",
    "serves a caller with the permission",
    mended,
    call("export"),
    served("tools/call export"),
    { permissions: ["todo:export"] },
    "rules",
  ),
  row(
    "N182",
    "refuses a caller who has the permission's name as a scope",
    mended,
    call("export"),
    accessDenied,
    { scope: "todo:read todo:export" },
    "rules",
  ),
  row(
    "N181",
    "serves a caller with one of several scopes",
    all,
    call("share"),
    served("tools/call share", { scopes: "todo:read todo:write" }),
    { scope: "todo:read todo:write" },
    "rules",
  ),
  row(
    "N181",
    "asks for the first of several scopes",
    all,
    modernCall("share"),
    insufficientScope("todo:read todo:share"),
    {},
    "rules",
  ),
];

const anonymous = (title: string, request: RawRequest, expected: ExpectedAnswer): ContractRow => ({
  rows: ["G16"],
  title,
  why: "MCP 2026-07-28 Authorization is optional; what is declared public needs no token, everything else does",
  setup: "public operations",
  request: () => request,
  expected,
});

const open: readonly ContractRow[] = [
  anonymous(
    "serves a public tool to anybody",
    call("version"),
    served("tools/call version", { to: "nobody", scopes: "" }),
  ),
  anonymous(
    "lets anybody look around where something is public",
    modern("tools/list"),
    served("tools/list", { to: "nobody", scopes: "" }),
  ),
  anonymous("asks for credentials where a tool is not public", listTodos, unauthorized),
  anonymous("asks for credentials where a tool has no rule", call("drop_database"), unauthorized),
  anonymous(
    "asks for credentials where a resource is read",
    legacy("resources/read", { uri: "todo://list" }),
    unauthorized,
  ),
  row(
    "G16",
    "knows a caller with a token at a public tool",
    "RFC 6750 §2",
    call("version"),
    served("tools/call version"),
    {},
    "public operations",
  ),
  {
    ...row(
      "G16",
      "refuses a wrong token at a public tool",
      "RFC 6750 §3.1: a token that is no good is not the same as none",
      call("version"),
      unauthorized,
      {},
      "public operations",
    ),
    request: ({ mint }) => authorized(mint.wrong("expired"), call("version")),
    expected: {
      ...unauthorized,
      challenge:
        'Bearer realm="OAuth", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp", scope="todo:read", error="invalid_token", error_description="The access token is invalid or expired"',
      body: { error: "invalid_token", error_description: "The access token is invalid or expired" },
    },
  },
];

export const policy: readonly ContractRow[] = [
  ...stepUp,
  ...unlisted,
  ...otherRoutes,
  ...disguised,
  ...batches,
  ...rules,
  ...open,
];
