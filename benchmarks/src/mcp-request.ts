/** An HTTP request of the benchmark, without its token. */
export interface McpRequest {
  readonly head: string;
  readonly body: string;
}

const version = "2026-07-28";

function posted(body: object, headers: readonly string[]): McpRequest {
  const head = [
    "POST /mcp HTTP/1.1",
    "Host: mcp.example.com",
    "Content-Type: application/json",
    "Accept: application/json, text/event-stream",
    "User-Agent: benchmark",
    ...headers,
    "",
  ];
  return { head: head.join("\r\n"), body: JSON.stringify(body) };
}

/** As clients of the protocols before 2026-07-28 ask. */
export function legacyRequest(method: string, params: object): McpRequest {
  return posted({ jsonrpc: "2.0", id: 1, method, params }, ["MCP-Protocol-Version: 2025-11-25"]);
}

/** As clients of 2026-07-28 ask: with the version in the body, and parts of the body in headers. */
export function modernRequest(method: string, params: Readonly<Record<string, unknown>>): McpRequest {
  const meta = {
    "io.modelcontextprotocol/protocolVersion": version,
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const headers = [`MCP-Protocol-Version: ${version}`, `Mcp-Method: ${method}`];
  if (typeof params["name"] === "string") headers.push(`Mcp-Name: ${params["name"]}`);
  return posted({ jsonrpc: "2.0", id: 1, method, params: { _meta: meta, ...params } }, headers);
}
