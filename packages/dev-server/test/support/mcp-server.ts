import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ScalekitClient } from "@scalekit-sdk/node";

/** The smallest protected MCP server: challenge, metadata, two tools. Tokens are checked by Scalekit's SDK. */
export interface McpServer {
  readonly url: string;
  /** The claims of every token that was accepted. */
  readonly callers: Record<string, unknown>[];
  protect(environmentUrl: string, resourceId: string, metadata: unknown): void;
  close(): Promise<void>;
}

interface Protection {
  readonly sdk: ScalekitClient;
  readonly resourceId: string;
  readonly metadata: unknown;
}

export async function startMcpServer(): Promise<McpServer> {
  let protection: Protection | undefined;
  const callers: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    if (!protection) throw new Error("the server is not protected yet");
    answer(protection, callers, origin, request, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}/mcp`,
    callers,
    protect: (environmentUrl, resourceId, metadata) => {
      protection = { sdk: new ScalekitClient(environmentUrl, "skc_1", "secret"), resourceId, metadata };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  { sdk, resourceId, metadata }: Protection,
  callers: Record<string, unknown>[],
  origin: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const json = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
  const challenge = (scope: string, error = ""): Record<string, string> => ({
    "www-authenticate": `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp", scope="${scope}"${error}`,
  });
  if (request.url === "/.well-known/oauth-protected-resource/mcp") return json(200, metadata);
  if (request.method !== "POST") return json(405, {});
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  const claims = await sdk
    .validateToken<Record<string, unknown>>(token ?? "", { audience: [resourceId] })
    .catch(() => undefined);
  if (!claims) return json(401, { error: "unauthorized" }, challenge("todo:read"));
  callers.push(claims);
  let text = "";
  for await (const chunk of request) text += chunk;
  const message = JSON.parse(text) as { id?: unknown; method: string; params?: { name?: string } };
  if (message.id === undefined) return void response.writeHead(202).end();
  const scopes = claims.scopes as string[];
  if (message.params?.name === "write" && !scopes.includes("todo:write")) {
    return json(403, {}, challenge("todo:read todo:write", ', error="insufficient_scope"'));
  }
  json(200, { jsonrpc: "2.0", id: message.id, result: resultOf(message.method, claims) });
}

function resultOf(method: string, claims: Record<string, unknown>): unknown {
  const inputSchema = { type: "object" };
  if (method === "tools/list") return { tools: ["read", "write"].map((name) => ({ name, inputSchema })) };
  if (method === "tools/call") return { content: [{ type: "text", text: String(claims.sub) }] };
  const serverInfo = { name: "test", version: "1" };
  return { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo };
}
