import type { RawRequest } from "../../raw/request.js";
import { invalidToken, served, unauthorized } from "../expected.js";
import { authorized, call, legacy, listTodos, modern } from "../requests.js";
import type { ContractRow, ExpectedAnswer } from "../row.js";
import { row, withToken } from "../rows.js";

const anonymous = (title: string, request: RawRequest, expected: ExpectedAnswer): ContractRow => ({
  rows: ["G16"],
  title,
  why: "MCP 2026-07-28 Authorization is optional; what is declared public needs no token, everything else does",
  setup: "public operations",
  request: () => request,
  expected,
});

export const open: readonly ContractRow[] = [
  anonymous(
    "serves a public tool to anybody",
    call("version"),
    served("tools/call version", { to: "nobody", scopes: "" }),
  ),
  anonymous(
    "lets anybody look around where something is public",
    modern("prompts/list"),
    served("prompts/list", { to: "nobody", scopes: "" }),
  ),
  anonymous("asks for credentials where a tool is not public", listTodos, unauthorized),
  anonymous("asks for credentials where a tool has no rule", call("drop_database"), unauthorized),
  anonymous(
    "asks for credentials where a resource is read",
    legacy("resources/read", { uri: "todo://list" }),
    unauthorized,
  ),
  withToken(
    "G16",
    "knows a caller with a token at a public tool",
    "RFC 6750 §2",
    call("version"),
    served("tools/call version"),
    { setup: "public operations" },
  ),
  row(
    "G16",
    "refuses a wrong token at a public tool",
    "RFC 6750 §3.1: a token that is no good is not the same as none",
    ({ mint }) => authorized(mint.wrong("expired"), call("version")),
    invalidToken,
    { setup: "public operations" },
  ),
];
