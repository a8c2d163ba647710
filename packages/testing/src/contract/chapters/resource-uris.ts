import { accessDenied, insufficientScope, invalidParams, served } from "../expected.js";
import { legacy, modern } from "../requests.js";
import type { ContractRow, ExpectedAnswer } from "../row.js";
import { withToken } from "../rows.js";

const why =
  "MCP SDK servers read a resource's URI through new URL (RFC 3986 §6.2.2): a policy rules what they will serve";
const admin = insufficientScope("todo:read todo:admin");

const read = (
  title: string,
  uri: string,
  expected: ExpectedAnswer,
  setup: ContractRow["setup"] = "main",
): ContractRow => withToken("N171", title, why, legacy("resources/read", { uri }), expected, { setup });

const writable = "with file:///public/{+path} for readers and file:///secret for administrators";

/** Spellings of `file:///secret` that a server takes for it. */
const spellings: readonly (readonly [what: string, uri: string])[] = [
  ["dot segments", "file:///public/../secret"],
  ["encoded dot segments", "file:///public/%2e%2e/secret"],
  ["a scheme in capitals", "FILE:///secret"],
  ["backslashes", "file:\\\\\\secret"],
  ["a template's brace before dot segments", "file:///{/../secret"],
];

const controls: readonly (readonly [what: string, uri: string])[] = [
  ["a tab in it", "file:///secre\tt"],
  ["a tab between dots", "file:///public/.\t./secret"],
  ["a blank before it", " file:///secret"],
  ["a line end behind it", "file:///secret\n"],
];

export const resourceUris: readonly ContractRow[] = [
  withToken(
    "N171",
    "serves a resource that matches a template",
    why,
    modern("resources/read", { uri: "file:///public/a/b" }),
    served("resources/read file:///public/a/b"),
  ),
  read("asks for the scope of a protected file", "file:///secret", admin),
  ...spellings.map(([what, uri]) =>
    read(`closes a protected file whose URI has ${what}, ${writable}`, uri, accessDenied),
  ),
  ...spellings.map(([what, uri]) =>
    read(
      `asks for a protected file's scope where its URI has ${what} and everything else is open`,
      uri,
      admin,
      "open by default",
    ),
  ),
  ...controls.map(([what, uri]) =>
    read(`refuses a resource's URI with ${what}`, uri, invalidParams(), "open by default"),
  ),
  read("refuses a resource's URI of 5,000 characters", `file:///public/${"x".repeat(5000)}`, invalidParams()),
  read(
    "decides about a resource's URI of many dashes without delay",
    `todo://secret/${"-".repeat(4000)}/`,
    accessDenied,
  ),
  withToken(
    "N206",
    "asks for the baseline of listening, whatever the resource asks for",
    why,
    modern("subscriptions/listen", { notifications: { resourceSubscriptions: ["todo://news"] } }),
    insufficientScope("todo:read"),
    { claims: { scope: "other" } },
  ),
];
