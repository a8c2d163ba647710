import type { RawRequest } from "../../raw/request.js";
import { invalidRequest, parseError, refusedByBodyParser, served } from "../expected.js";
import { legacy, listTodos, posted } from "../requests.js";
import type { ContractRow } from "../row.js";
import { withToken } from "../rows.js";

const row = (
  rows: string,
  title: string,
  why: string,
  request: RawRequest,
  expected: ContractRow["expected"],
  readByApplication?: ContractRow["readByApplication"],
): ContractRow =>
  withToken(
    rows,
    title,
    why,
    request,
    expected,
    readByApplication === undefined ? {} : { readByApplication },
  );

const text = (body: string | Uint8Array): RawRequest =>
  posted(body, [["MCP-Protocol-Version", "2025-11-25"]]);

const byParser = [refusedByBodyParser, parseError];

export const parsing: readonly ContractRow[] = [
  row(
    "N177",
    "refuses half a message",
    "JSON-RPC 2.0 §5.1: -32700",
    text('{"jsonrpc":"2.0","id":1,"method":"pi'),
    parseError,
    byParser,
  ),
  row("N177", "refuses an empty body", "JSON-RPC 2.0 §5.1: -32700", text(""), parseError, [
    parseError,
    invalidRequest(),
    refusedByBodyParser,
  ]),
  row(
    "N177",
    "refuses two messages, one after the other",
    "RFC 8259 §2: one value",
    text(`${listTodos.body as string}\n${listTodos.body as string}`),
    parseError,
    byParser,
  ),
  row(
    "N177",
    "refuses a body that is nested 100,000 deep",
    "RFC 8259 §9: parsers set limits",
    text(`${"[".repeat(100_000)}${"]".repeat(100_000)}`),
    parseError,
    [parseError, invalidRequest(), refusedByBodyParser],
  ),
  row(
    "N177",
    "refuses a message that is nested 1,000 deep",
    "RFC 8259 §9: parsers set limits",
    text(`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":${"[".repeat(1000)}${"]".repeat(1000)}}}`),
    parseError,
    byParser,
  ),
  row(
    "N178",
    "refuses a body that is not UTF-8",
    "RFC 8259 §8.1",
    text(
      Buffer.from(
        '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_todos\xff"}}',
        "latin1",
      ),
    ),
    parseError,
    [parseError, refusedByBodyParser, { status: 403, ran: false }],
  ),
  row(
    "N178",
    "refuses a byte order mark",
    "RFC 8259 §8.1: none is added",
    text(`\ufeff${listTodos.body as string}`),
    parseError,
    [parseError, refusedByBodyParser, served("tools/call list_todos")],
  ),
  row(
    "N178",
    "refuses UTF-16",
    "RFC 8259 §8.1: UTF-8",
    text(Buffer.from(listTodos.body as string, "utf16le")),
    parseError,
    byParser,
  ),
  row(
    "N177",
    "serves a message of a thousand arguments",
    "RFC 8259 §9",
    legacy("tools/call", {
      name: "list_todos",
      arguments: Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`a${index}`, index])),
    }),
    served("tools/call list_todos"),
  ),
];

const unsure = "the one parse that the policy reads is the one that the handler gets";

export const doubled: readonly ContractRow[] = [
  row(
    "N160",
    "decides about the last of two names, which the handler gets too",
    unsure,
    text(
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_todo","name":"list_todos"}}',
    ),
    served("tools/call list_todos"),
    [served("tools/call list_todos"), refusedByBodyParser],
  ),
  row(
    "N160",
    "decides about the last of two names when one is escaped",
    unsure,
    text(
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_todo","na\\u006de":"list_todos"}}',
    ),
    served("tools/call list_todos"),
    [served("tools/call list_todos"), refusedByBodyParser],
  ),
];
