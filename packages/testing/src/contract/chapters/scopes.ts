import { insufficientScope, served } from "../expected.js";
import { authorized, call, modernCall } from "../requests.js";
import type { ContractRow, ExpectedAnswer } from "../row.js";
import { bearing, ok } from "./tokens.js";

const scopes = (
  rows: string,
  title: string,
  claims: Record<string, unknown>,
  granted: string,
  expected: ExpectedAnswer,
): ContractRow => ({
  rows: rows.split(" "),
  title,
  why: `RFC 6749 §3.3: scope is a list of case-sensitive strings, separated by spaces; this token has "${granted}"`,
  setup: "main",
  request: ({ mint }) => authorized(mint.token({ scope: undefined, ...claims }), modernCall("create_todo")),
  expected,
});

const short = insufficientScope("todo:read todo:write");

const both = served("tools/call create_todo", { scopes: "todo:read todo:write" });

export const granted: readonly ContractRow[] = [
  scopes("N068", "reads scopes from scope", { scope: "todo:read todo:write" }, "todo:read todo:write", both),
  scopes(
    "N068",
    "reads scopes from a scopes array",
    { scopes: ["todo:read", "todo:write"] },
    "todo:read todo:write",
    both,
  ),
  scopes(
    "N068",
    "reads scopes from scp as a string",
    { scp: "todo:read todo:write" },
    "todo:read todo:write",
    both,
  ),
  scopes(
    "N068",
    "reads scopes from scp as an array",
    { scp: ["todo:read", "todo:write"] },
    "todo:read todo:write",
    both,
  ),
  scopes("N068", "grants nothing for a scope that is a number", { scope: 1 }, "", short),
  scopes(
    "N068",
    "grants nothing for a scope that is an object",
    { scope: { "todo:write": true } },
    "",
    short,
  ),
  scopes(
    "N069",
    "does not take a longer scope for a shorter one",
    { scope: "todo:read todo:writeonly" },
    "todo:read todo:writeonly",
    short,
  ),
  scopes(
    "N069",
    "does not take a scope in capitals for one in small letters",
    { scope: "todo:read TODO:WRITE" },
    "todo:read TODO:WRITE",
    short,
  ),
  scopes(
    "N069",
    "does not take a comma for a space",
    { scope: "todo:read,todo:write" },
    "todo:read,todo:write",
    short,
  ),
  scopes("N070", "does not take * for every scope", { scope: "todo:read *" }, "todo:read *", short),
  scopes(
    "N070",
    "does not take admin for every scope",
    { scope: "todo:read admin" },
    "todo:read admin",
    short,
  ),
  scopes(
    "N073",
    "does not take roles, groups or entitlements for scopes",
    {
      scope: "todo:read",
      roles: ["todo:write"],
      groups: ["todo:write"],
      entitlements: ["todo:write"],
      permissions: ["todo:write"],
    },
    "todo:read",
    short,
  ),
  {
    ...scopes("N035", "does not take scopes from a claim called __proto__", {}, "todo:read", short),
    request: ({ mint }) => {
      const text = JSON.stringify(mint.claims()).replace(
        "{",
        '{"__proto__":{"scope":"todo:read todo:write","scp":["todo:write"]},"constructor":{"scopes":["todo:write"]},',
      );
      const header = { alg: "RS256", typ: "at+jwt", kid: mint.key("RS256").kid };
      return authorized(mint.sign(header, text, mint.key("RS256")), modernCall("create_todo"));
    },
  },
  {
    ...bearing(
      "N072",
      "decides about a token with a thousand scopes",
      "RFC 6749 §3.3",
      ({ mint }) =>
        mint.token({
          scope: `todo:read ${Array.from({ length: 1000 }, (_, index) => `s${index}`).join(" ")}`,
        }),
      { ...ok, body: undefined },
    ),
  },
  {
    ...bearing(
      "N071",
      "takes a scope that implies another through a third",
      "MCP 2026-07-28 Authorization: servers MUST take scope hierarchy into account",
      ({ mint }) => mint.token({ scope: "todo:admin" }),
      served("tools/call list_todos", { scopes: "todo:admin" }),
      "hierarchy",
    ),
  },
  {
    ...bearing(
      "N071",
      "does not take the implied scope for the one that implies it",
      "MCP 2026-07-28 Authorization: servers MUST take scope hierarchy into account",
      ({ mint }) => mint.token({ scope: "todo:write" }),
      insufficientScope("todo:write todo:read todo:admin"),
      "hierarchy",
    ),
    request: ({ mint }) => authorized(mint.token({ scope: "todo:write" }), call("purge")),
  },
];
