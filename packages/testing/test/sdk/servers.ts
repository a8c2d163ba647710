import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AuthInfo, McpHandler } from "@mcp-authz/core";
import { McpServer as McpServerV1 } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";
import { type Tools, text } from "./tools.js";

const identity = { name: "todo", version: "1.0.0" };

/** SDK v2: both protocol eras, no sessions. */
export function handlerV2(tools: Tools): McpHandler {
  return createMcpHandler(() => {
    const server = new McpServer(identity);
    server.registerTool("whoami", {}, (ctx) => text(tools.whoami(ctx.http?.authInfo)));
    server.registerTool("drop", {}, () => text("dropped"));
    server.registerTool("echo", { inputSchema: z.object({ words: z.string() }) }, ({ words }) => text(words));
    server.registerTool("work", {}, async (ctx) => {
      await tools.work(ctx.mcpReq.signal);
      return text("stopped");
    });
    return server;
  });
}

function serverV1(tools: Tools): McpServerV1 {
  const server = new McpServerV1(identity);
  server.registerTool("whoami", {}, (extra) => text(tools.whoami(extra.authInfo)));
  server.registerTool("drop", {}, () => text("dropped"));
  server.registerTool("echo", { inputSchema: { words: z.string() } }, ({ words }) => text(words));
  server.registerTool("work", {}, async (extra) => {
    await tools.work(extra.signal);
    return text("stopped");
  });
  return server;
}

/** Sessions of SDK v1, or none: then each request has a server of its own. */
class Sessions<Kind extends Transport & { sessionId?: string | undefined }> {
  readonly #open = new Map<string, Kind>();
  readonly #make: (options: object) => Kind;
  readonly #tools: Tools;
  readonly #stateful: boolean;

  constructor(make: (options: object) => Kind, tools: Tools, stateful: boolean) {
    this.#make = make;
    this.#tools = tools;
    this.#stateful = stateful;
  }

  async transportFor(session: string | null | undefined): Promise<Kind> {
    const known = session == null ? undefined : this.#open.get(session);
    if (known !== undefined) return known;
    const transport: Kind = this.#make(
      this.#stateful
        ? {
            sessionIdGenerator: randomUUID,
            onsessioninitialized: (id: string) => void this.#open.set(id, transport),
          }
        : {},
    );
    await serverV1(this.#tools).connect(transport);
    return transport;
  }
}

type Guarded = IncomingMessage & { auth?: AuthInfo };
export type NodeRoute = (request: IncomingMessage, response: ServerResponse, body: unknown) => Promise<void>;

/** SDK v1 on Node's own request and response. */
export function nodeRouteV1(tools: Tools, stateful: boolean): NodeRoute {
  const sessions = new Sessions((options) => new StreamableHTTPServerTransport(options), tools, stateful);
  return async (request, response, body) => {
    const session = request.headers["mcp-session-id"];
    const transport = await sessions.transportFor(typeof session === "string" ? session : undefined);
    if (!stateful) response.once("close", () => void transport.close());
    await transport.handleRequest(request as Guarded, response, body);
  };
}

export type WebRoute = (
  request: Request,
  more: { authInfo?: AuthInfo; parsedBody?: unknown },
) => Promise<Response>;

/** SDK v1 on web-standard requests and responses. */
export function webRouteV1(tools: Tools, stateful: boolean): WebRoute {
  const make = (options: object) => new WebStandardStreamableHTTPServerTransport(options);
  const sessions = new Sessions(make, tools, stateful);
  return async (request, more) => {
    const transport = await sessions.transportFor(request.headers.get("mcp-session-id"));
    if (!stateful) request.signal.addEventListener("abort", () => void transport.close());
    return transport.handleRequest(request, more);
  };
}
