import { ownHeaders, refusedByParser, unauthorized } from "../expected.js";
import { listTodos, withHeaders } from "../requests.js";
import type { ContractRow } from "../row.js";
import { row } from "../rows.js";
import { get, main, path } from "./metadata.js";

/** Headers with which a caller or a careless proxy says where the server is. */
const claims: readonly (readonly [rows: string, name: string, value: string])[] = [
  ["N127", "Host", "evil.example.com"],
  ["N128", "X-Forwarded-Host", "evil.example.com"],
  ["N128", "X-Forwarded-Proto", "http"],
  ["N128", "X-Forwarded-Prefix", "/evil"],
  ["N128", "Forwarded", "host=evil.example.com;proto=http"],
  ["N129", "X-Forwarded-Host", 'a", error="insufficient_scope", scope="admin'],
  ["N130", "Host", 'evil.example.com"; scope="admin'],
];

const because = "some servers refuse a malformed Host before anybody sees it";

const why =
  "RFC 9728 §7.3: a resource_metadata URL that an attacker can choose sends clients to the attacker";

export const unmoved: readonly ContractRow[] = claims.flatMap(([rows, name, value]) => [
  {
    ...row(
      rows,
      `answers the same challenge when ${name} is ${value}`,
      why,
      () => withHeaders([[name, value]], listTodos),
      [unauthorized, refusedByParser],
    ),
    because,
  },
  {
    ...row(
      `${rows} N135`,
      `publishes the same metadata when ${name} is ${value}`,
      why,
      () => get(path, [[name, value]]),
      [main, refusedByParser],
    ),
    because,
  },
]);

export const doubled: ContractRow = {
  ...row(
    "N131",
    "answers the same challenge when two Hosts are named",
    "RFC 9112 §3.2: 400, or nothing that depends on it",
    () =>
      withHeaders(
        [
          ["Host", "mcp.example.com"],
          ["Host", "evil.example.com"],
        ],
        listTodos,
      ),
    [unauthorized, refusedByParser],
  ),
  because,
};

export const plain: ContractRow = row(
  "N142 N143",
  "says nothing about the machinery behind it",
  "RFC 6750 §5.3; CWE-209",
  () => withHeaders([["Accept", "text/html"]], listTodos),
  {
    ...unauthorized,
    headers: { ...ownHeaders, "Content-Type": "application/json" },
  },
);
