import type { Claims } from "../../mint/token-mint.js";
import type { RawRequest } from "../../raw/request.js";
import { accessDenied, insufficientScope, served } from "../expected.js";
import { call, legacy, listTodos, modern, modernCall } from "../requests.js";
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

const all =
  "MCP 2026-07-28 Authorization, Runtime Insufficient Scope Errors: one challenge names all scopes that the operation needs";

const write = insufficientScope("todo:read todo:write");

const admin = insufficientScope("todo:read todo:admin");

export const stepUp: readonly ContractRow[] = [
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

const closed = "RFC 9700 §2.3, CWE-862: what has no rule is refused";

export const otherRoutes: readonly ContractRow[] = [
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
