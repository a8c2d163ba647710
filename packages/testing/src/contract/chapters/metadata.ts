import type { RawRequest } from "../../raw/request.js";
import { outside, refused, refusedByParser } from "../expected.js";
import { authorized, listTodos } from "../requests.js";
import type { ContractRow, ExpectedAnswer } from "../row.js";
import { row } from "../rows.js";

export const path = "/.well-known/oauth-protected-resource/mcp";

const publicHeaders = {
  "Access-Control-Allow-Origin": "*",
  "X-Content-Type-Options": "nosniff",
  "X-Request-Id": null,
  "Set-Cookie": null,
} as const;

const document = (body: unknown): ExpectedAnswer => ({
  status: 200,
  challenge: null,
  headers: {
    ...publicHeaders,
    "Content-Type": "application/json",
    "Cache-Control": "public, max-age=300",
  },
  body,
  ran: false,
});

export const main: ExpectedAnswer = document({
  resource: "https://mcp.example.com/mcp",
  authorization_servers: ["https://auth.example.com"],
  scopes_supported: ["todo:read"],
  bearer_methods_supported: ["header"],
});

export const get = (target: string, headers: RawRequest["headers"] = []): RawRequest => ({
  method: "GET",
  target,
  headers,
});

export const published: readonly ContractRow[] = [
  row(
    "P9 R4",
    "publishes its metadata where RFC 9728 puts it",
    "RFC 9728 §3.1: the well-known segment goes between host and path",
    () => get(path),
    main,
  ),
  row(
    "P9",
    "publishes its metadata also with a slash at the end",
    "MCP clients drop or add it",
    () => get(`${path}/`),
    main,
  ),
  row(
    "P9 R23",
    "publishes its metadata also at the root",
    "MCP 2026-07-28 Authorization, Protected Resource Metadata Discovery: clients fall back to the root",
    () => get("/.well-known/oauth-protected-resource"),
    main,
  ),
  row(
    "R19",
    "answers HEAD as GET, without the body",
    "RFC 9110 §9.3.2",
    () => ({ method: "HEAD", target: path }),
    { ...main, body: "" },
  ),
  row(
    "R19",
    "answers a preflight for its metadata, whoever asks",
    "Fetch standard, CORS protocol; RFC 9728 §3.1: the document is public",
    () => ({
      method: "OPTIONS",
      target: path,
      headers: [
        ["Origin", "https://anyone.example"],
        ["Access-Control-Request-Method", "GET"],
        ["Access-Control-Request-Headers", "mcp-protocol-version"],
      ],
    }),
    {
      status: 204,
      challenge: null,
      headers: {
        ...publicHeaders,
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
        "Access-Control-Allow-Headers": "*",
      },
      body: "",
      ran: false,
    },
  ),
  row(
    "N117",
    "refuses a message that is sent to its metadata",
    "RFC 9110 §15.5.6: 405 with Allow",
    ({ mint }) => authorized(mint.token(), { ...listTodos, target: path }),
    { status: 405, challenge: null, headers: { ...publicHeaders, Allow: "GET, HEAD, OPTIONS" }, ran: false },
  ),
  row(
    "N137",
    "publishes its metadata to a caller whose token is wrong",
    "RFC 9728 §3: the document needs no token",
    ({ mint }) => ({ ...get(path, [["Authorization", `Bearer ${mint.wrong("expired")}`]]) }),
    main,
  ),
  row(
    "N137",
    "publishes its metadata to pages of any origin",
    "RFC 9728 §3: the document is public",
    () => get(path, [["Origin", "https://evil.example.com"]]),
    main,
  ),
  row(
    "R18",
    "publishes its metadata whatever protocol version the client speaks",
    "MCP clients send their headers on discovery too",
    () =>
      get(path, [
        ["MCP-Protocol-Version", "1999-01-01"],
        ["Accept", "text/plain"],
      ]),
    main,
  ),
  row(
    "N136",
    "publishes the same metadata whatever the query says",
    "RFC 9728 §3.3: resource is the one that was configured",
    () => get(`${path}?resource=https://evil.example.com`),
    main,
  ),
  row(
    "N136",
    "has no metadata for other resources",
    "RFC 9728 §3.1: the path names the resource",
    () => get("/.well-known/oauth-protected-resource/other"),
    outside,
  ),
  row(
    "N136",
    "has no metadata under another spelling",
    "RFC 8615 §3: well-known URIs are exact",
    () => get("/.Well-Known/oauth-protected-resource/mcp"),
    outside,
  ),
  row(
    "N136",
    "has no metadata under an encoded spelling",
    "RFC 8615 §3: well-known URIs are exact",
    () => get("/.well-known/oauth%2dprotected-resource/mcp"),
    [outside, refusedByParser],
    { because: "an HTTP parser may refuse the target before anybody sees it" },
  ),
];

export const configured: readonly ContractRow[] = [
  row(
    "R5",
    "publishes the metadata of a bare origin at the root",
    "RFC 9728 §3.1: a slash that directly follows the host goes",
    () => get("/.well-known/oauth-protected-resource"),
    document({
      resource: "https://mcp.example.com",
      authorization_servers: ["https://auth.example.com"],
      scopes_supported: ["todo:read"],
      bearer_methods_supported: ["header"],
    }),
    { setup: "bare origin" },
  ),
  row(
    "R4",
    "publishes the metadata of the public path behind a proxy that takes the prefix off",
    "RFC 9728 §3.1",
    () => get("/.well-known/oauth-protected-resource/tenants/a/mcp"),
    document({
      resource: "https://api.example.com/tenants/a/mcp",
      authorization_servers: ["https://auth.example.com"],
      scopes_supported: ["todo:read"],
      bearer_methods_supported: ["header"],
      resource_name: "Todo",
      resource_documentation: "https://docs.example.com",
    }),
    { setup: "behind a proxy" },
  ),
  row(
    "R23",
    "keeps the root free where another resource has it",
    "RFC 9728 §3: one resource of an origin may answer there",
    () => get("/.well-known/oauth-protected-resource"),
    outside,
    { setup: "behind a proxy" },
  ),
  row(
    "R8",
    "leaves out what has no value",
    "RFC 9728 §3.2: parameters with zero elements are omitted",
    () => get(path),
    document({
      resource: "https://mcp.example.com/mcp",
      authorization_servers: ["https://auth.example.com"],
      bearer_methods_supported: ["header"],
    }),
    { setup: "no baseline" },
  ),
  row(
    "R41 R50",
    "names no scopes where there are none to name",
    "RFC 6750 §3: the scope attribute is optional and never empty",
    () => listTodos,
    refused(
      401,
      { error: "unauthorized", error_description: "Authentication is required" },
      `Bearer realm="todo", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"`,
    ),
    { setup: "no baseline" },
  ),
  row(
    "R5",
    "points to the metadata of a bare origin",
    "RFC 9728 §3.1, §5.1",
    () => listTodos,
    refused(
      401,
      { error: "unauthorized", error_description: "Authentication is required" },
      `Bearer realm="OAuth", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource", scope="todo:read"`,
    ),
    { setup: "bare origin" },
  ),
  row(
    "R4 R20",
    "points to the public metadata from behind a proxy",
    "RFC 9728 §5.1: the URL comes from configuration, never from the request",
    () => listTodos,
    refused(
      401,
      { error: "unauthorized", error_description: "Authentication is required" },
      `Bearer realm="OAuth", resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/tenants/a/mcp", scope="todo:read"`,
      { Vary: null },
    ),
    { setup: "behind a proxy" },
  ),
];
