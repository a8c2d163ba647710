import { contentTypeRefused } from "../expected.js";
import { authorized, listTodos, posted } from "../requests.js";
import type { ContractRow } from "../row.js";

export const simple: readonly ContractRow[] = [
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/json, text/plain",
  "application/jsonp",
  "text/json",
  "application/json; charset=utf-7",
].map((type) => ({
  rows: ["N156", "N178"],
  title: `refuses a message as ${type}`,
  why: "MCP Streamable HTTP: messages are application/json; browsers send the simple types across origins unasked (Fetch standard, simple requests)",
  setup: "main",
  request: ({ mint }) =>
    authorized(mint.token(), posted(listTodos.body as string, [], { headers: [["Content-Type", type]] })),
  expected: contentTypeRefused,
  readByApplication: [contentTypeRefused, { status: [400, 415], ran: false }],
}));

export const untyped: ContractRow = {
  rows: ["N156"],
  title: "refuses a message without a Content-Type",
  why: "MCP Streamable HTTP: messages are application/json",
  setup: "main",
  request: ({ mint }) => ({
    headers: [["Authorization", `Bearer ${mint.token()}`]],
    body: listTodos.body as string,
  }),
  expected: contentTypeRefused,
};
