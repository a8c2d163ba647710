import { createServer, type Server } from "node:http";
import { mcpAuthz } from "@mcp-authz/core/node";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer, requireBearerAuth } from "@modelcontextprotocol/server";
import * as z from "zod";
import { scope } from "../issuer.js";
import { sdkVerifier } from "../peers/sdk-guard.js";
import { ourOptions, type Variants } from "./variant.js";

/** Ten tools, as a small real server has. */
function todoServer(): McpServer {
  const server = new McpServer({ name: "todo", version: "1.0.0" });
  for (let number = 0; number < 9; number++)
    server.registerTool(
      `tool_${number}`,
      { description: "One of several", inputSchema: z.object({ id: z.string() }) },
      () => ({ content: [{ type: "text", text: "done" }] }),
    );
  server.registerTool(
    "list_todos",
    { description: "Your todos", inputSchema: z.object({ completed: z.boolean().optional() }) },
    () => ({ content: [{ type: "text", text: "nothing to do" }] }),
  );
  return server;
}

export const variants: Variants = {
  unprotected: () => {
    const serve = toNodeHandler(createMcpHandler(todoServer));
    return createServer((request, response) => serve(request, response));
  },
  /** The handler behind the gate, as the documentation has it. */
  ours: (facts): Server =>
    createServer(mcpAuthz({ ...ourOptions(facts), handler: createMcpHandler(todoServer) })),
  /** The gate, and the SDK's own Node adapter behind it. */
  "ours, as a guard": (facts): Server => {
    const guard = mcpAuthz(ourOptions(facts));
    const serve = toNodeHandler(createMcpHandler(todoServer));
    return createServer((request, response) =>
      guard(request, response, () => serve(request, response, (request as { body?: unknown }).body)),
    );
  },
  "requireBearerAuth with jose": (facts): Server => {
    const guard = requireBearerAuth({ verifier: sdkVerifier(facts), requiredScopes: [scope] });
    const handler = createMcpHandler(todoServer);
    const serve = toNodeHandler({
      async fetch(request, options) {
        const authInfo = await guard(request);
        return authInfo instanceof Response ? authInfo : handler.fetch(request, { ...options, authInfo });
      },
    });
    return createServer((request, response) => serve(request, response));
  },
};
