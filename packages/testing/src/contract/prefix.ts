import type { McpAuthzOptions } from "@mcp-authz/core";
import type { RawRequest } from "../raw/request.js";
import type { ContractRow, ExpectedAnswer } from "./row.js";

/**
 * The contract as it reads for an endpoint below a prefix. Rows say `/mcp`; with the prefix `/api` they say `/api/mcp`
 * wherever the endpoint is meant: in options, request targets, challenges and metadata.
 */
export interface Prefix {
  options(options: McpAuthzOptions): McpAuthzOptions;
  request(request: RawRequest): RawRequest;
  expected(expected: ContractRow["expected"]): ContractRow["expected"];
  text(text: string): string;
}

const metadataPath = "/.well-known/oauth-protected-resource";

export function prefixOf(prefix: string): Prefix {
  /** URLs of the endpoint and of its metadata. */
  const text = (value: string): string =>
    value
      .replaceAll(`${metadataPath}/mcp`, `${metadataPath}${prefix}/mcp`)
      .replaceAll("https://mcp.example.com/mcp", `https://mcp.example.com${prefix}/mcp`)
      .replaceAll("http://127.0.0.1:3000/mcp", `http://127.0.0.1:3000${prefix}/mcp`);

  return {
    text,
    options: ({ resource, path, ...options }) => ({
      ...options,
      resource: text(resource),
      ...(path === undefined ? {} : { path: `${prefix}${path}` }),
    }),
    request: ({ target, ...request }) =>
      target === undefined ? request : { ...request, target: targetBelow(prefix, target) },
    expected: (expected) => [expected].flat().map((each) => expectedBelow(text, each)),
  };
}

/** Where a path begins with something else on purpose, the prefix goes before the endpoint's own segment. */
function targetBelow(prefix: string, target: string): string {
  // The public path of a resource whose prefix a proxy takes off: it is as it is.
  if (prefix === "" || target.startsWith(`${metadataPath}/tenants/`)) return target;
  if (target.startsWith("/.well-known") || target.startsWith("/%2ewell-known") || /^https?:/.test(target))
    return target.replace(/(\/|%2f)mcp/i, (_, slash: string) => `${slash}${prefix.slice(1)}${slash}mcp`);
  return `${prefix}${target}`;
}

function expectedBelow(text: (value: string) => string, expected: ExpectedAnswer): ExpectedAnswer {
  const { challenge, body } = expected;
  return {
    ...expected,
    ...(typeof challenge === "string" ? { challenge: text(challenge) } : {}),
    ...(body === undefined ? {} : { body: JSON.parse(text(JSON.stringify(body))) as unknown }),
  };
}
