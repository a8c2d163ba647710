import type { Claims } from "../../mint/token-mint.js";
import type { RawRequest } from "../../raw/request.js";
import { accessDenied, insufficientScope, served, temporarilyUnavailable } from "../expected.js";
import { call, modern, modernCall } from "../requests.js";
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

const asked = "the rule decides from the parsed arguments, which are those that the handler gets";

const mended = "RFC 9110 §15.5.4: no scope mends it, so no challenge sends the client to log in again";

const write = insufficientScope("todo:read todo:write");

export const rules: readonly ContractRow[] = [
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
    modern("tools/call", { name: "remove", arguments: { path: "/drafts/x" } }),
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
    "N217 N218",
    "fails closed when a rule rejects, and says nothing of it",
    "RFC 9110 §15.6.4; CWE-209",
    call("rejected"),
    temporarilyUnavailable,
    {},
    "rules",
  ),
  row(
    "N134",
    "fails closed when a rule asks for a scope that would break out of the challenge",
    "RFC 6750 §3: scope tokens hold no quotes; CWE-113",
    call("injecting"),
    temporarilyUnavailable,
    {},
    "rules",
  ),
  row(
    "N134",
    "sends nothing of a denial that would break out of a header",
    "RFC 9110 §5.5; CWE-113",
    call("forging"),
    accessDenied,
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
