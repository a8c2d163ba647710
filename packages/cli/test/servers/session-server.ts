import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import express, { type Request } from "express";
import { decodeJwt } from "jose";
import type { SampleServer } from "./guide-server.js";
import { running } from "./listen.js";

interface Session {
  readonly transport: StreamableHTTPServerTransport;
  readonly owner: string;
}

/**
 * A server of MCP 2025-11-25 that keeps sessions, as the SDK's own examples do. Methods in `checked` look whose
 * session it is, and answer 404 to everybody else. Whoever has a JWT is let in.
 */
export async function startSessionServer(checked: readonly string[]): Promise<SampleServer> {
  const app = express();
  const { origin, close } = await running(createServer(app));
  const sessions = new Map<string, Session>();

  const open = async (owner: string): Promise<StreamableHTTPServerTransport> => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      enableJsonResponse: true,
      onsessioninitialized: (id) => void sessions.set(id, { transport, owner }),
    });
    const server = new McpServer({ name: "sessions", version: "1.0.0" });
    server.registerTool("list_todos", { inputSchema: {} }, () => ({
      content: [{ type: "text", text: "[]" }],
    }));
    await server.connect(transport as Parameters<McpServer["connect"]>[0]);
    return transport;
  };

  const transportFor = async (request: Request, user: string): Promise<Session["transport"] | undefined> => {
    const id = request.headers["mcp-session-id"];
    if (id === undefined) return open(user);
    const session = sessions.get(String(id));
    return session?.owner === user || !checked.includes(request.method) ? session?.transport : undefined;
  };

  app.use(express.json());
  app.use("/mcp", async (request, response) => {
    const user = userOf(request.headers.authorization);
    if (user === undefined) {
      response.status(401).set("WWW-Authenticate", 'Bearer realm="OAuth"').end();
      return;
    }
    const transport = await transportFor(request, user);
    if (transport === undefined) response.status(404).end();
    else await transport.handleRequest(request, response, request.body);
  });
  return { url: `${origin}/mcp`, close };
}

function userOf(authorization: string | undefined): string | undefined {
  try {
    const { iss, sub } = decodeJwt(authorization?.slice("Bearer ".length) ?? "");
    return `${sub} at ${iss}`;
  } catch {
    return undefined;
  }
}
