import { createServer, type IncomingMessage, type Server } from "node:http";
import type { McpHandler } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/express";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import type { OAuthTokenVerifier } from "@modelcontextprotocol/sdk/server/auth/provider.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import express, { type RequestHandler } from "express";
import * as z from "zod";
import { type IssuerFacts, scope } from "../issuer.js";
import { sdkVerifier } from "../peers/sdk-guard.js";
import { ourOptions, type Variants } from "./variant.js";

function todoServer(): McpServer {
  const server = new McpServer({ name: "todo", version: "1.0.0" });
  for (let number = 0; number < 9; number++)
    server.registerTool(
      `tool_${number}`,
      { description: "One of several", inputSchema: { id: z.string() } },
      () => ({ content: [{ type: "text", text: "done" }] }),
    );
  server.registerTool(
    "list_todos",
    { description: "Your todos", inputSchema: { completed: z.boolean().optional() } },
    () => ({ content: [{ type: "text", text: "nothing to do" }] }),
  );
  return server;
}

/** Without sessions, as the SDK's own example has it: a server and a transport for each request. */
function serving(...before: RequestHandler[]): Server {
  const app = express();
  app.disable("x-powered-by");
  app.use(...before);
  app.post("/mcp", async (request, response) => {
    const transport = new StreamableHTTPServerTransport({});
    const server = todoServer();
    response.on("close", () => {
      void transport.close();
      void server.close();
    });
    await server.connect(transport as Transport);
    await transport.handleRequest(request as IncomingMessage, response, request.body);
  });
  return createServer(app);
}

const json = express.json();

/** `mcp-auth` widens the SDK's `AuthInfo` for the whole program, to more than the SDK itself asks for. */
function verifierFor(facts: IssuerFacts): OAuthTokenVerifier {
  return sdkVerifier(facts) as unknown as OAuthTokenVerifier;
}

/** What the transports take, by the SDK's own `AuthInfo`: `mcp-auth` widens that for the whole program. */
type Given = Parameters<WebStandardStreamableHTTPServerTransport["handleRequest"]>[1];

/** The SDK's transport for the Fetch standard, again with a server for each request. */
const handler: McpHandler = {
  async fetch(request, options) {
    const transport = new WebStandardStreamableHTTPServerTransport({});
    await todoServer().connect(transport as Transport);
    return transport.handleRequest(request, options as Given);
  },
};

export const variants: Variants = {
  unprotected: () => serving(json),
  ours: (facts) => createServer(express().use(mcpAuthz({ ...ourOptions(facts), handler }))),
  "ours, as a guard": (facts) => serving(mcpAuthz(ourOptions(facts))),
  "requireBearerAuth with jose": (facts) =>
    serving(requireBearerAuth({ verifier: verifierFor(facts), requiredScopes: [scope] }), json),
};
