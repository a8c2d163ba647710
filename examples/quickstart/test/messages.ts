/** An HTTP answer to one message, read to its end. */
export interface Reply {
  status: number;
  challenge: string | null;
  /** The last JSON-RPC message of the answer. */
  message: { result?: { structuredContent?: unknown; isError?: boolean }; error?: unknown };
}

/** Both ways to call a tool: as 2026-07-28 has it, and as the protocols before it. */
export const eras = ["2026-07-28", "2025-11-25"] as const;
export type Era = (typeof eras)[number];

/** POSTs one `tools/call`, with a token or without one. */
export function callTool(
  url: string,
  era: Era,
  token: string | undefined,
  name: string,
  args: Record<string, unknown> = {},
): Promise<Reply> {
  const modern = era === "2026-07-28";
  const meta = {
    "io.modelcontextprotocol/protocolVersion": era,
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const params = { ...(modern ? { _meta: meta } : {}), name, arguments: args };
  return post(
    url,
    token,
    { jsonrpc: "2.0", id: 1, method: "tools/call", params },
    {
      "MCP-Protocol-Version": era,
      ...(modern ? { "Mcp-Method": "tools/call", "Mcp-Name": name } : {}),
    },
  );
}

async function post(
  url: string,
  token: string | undefined,
  message: unknown,
  headers: Record<string, string>,
): Promise<Reply> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      ...headers,
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(message),
  });
  const text = await response.text();
  const event = /^data: (.+)$/m.exec(text)?.[1];
  return {
    status: response.status,
    challenge: response.headers.get("www-authenticate"),
    message: JSON.parse(event ?? text) as Reply["message"],
  };
}
