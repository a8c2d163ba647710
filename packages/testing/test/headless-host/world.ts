import { jwt, type McpHandler } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/core/node";
import { createDevServer } from "@mcp-authz/dev-server";
import type { Mounted } from "../../src/index.js";
import { listen } from "../contract/mounts.js";

/** A protected server at a port, together with its authorization server. */
export async function world(
  handler: McpHandler,
  { approve = "auto" }: { approve?: "auto" | "page" } = {},
): Promise<Mounted> {
  let serve: Parameters<typeof listen>[0] = (_, response) => response.end();
  const mounted = await listen((request, response) => serve(request, response));
  const authorization = await createDevServer({
    approve,
    banner: false,
    issuerPhase: "resource",
    servers: [{ name: "Todo", url: mounted.url, scopes: ["todo:read", "todo:write"] }],
  });
  serve = mcpAuthz({
    resource: mounted.url,
    provider: jwt({ issuer: authorization.servers[0]?.issuer ?? authorization.url }),
    policy: { baseline: "todo:read", tools: { list_todos: "todo:read", create_todo: "todo:write" } },
    handler,
  });
  return {
    url: mounted.url,
    async close() {
      await mounted.close();
      await authorization.close();
    },
  };
}
