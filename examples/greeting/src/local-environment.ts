import type { ScalekitOptions } from "@mcp-authz/scalekit";
import type { Variables } from "./config.js";

/** What the variables say, and where they are silent a server on this machine. */
export function onThisMachine(variables: Variables): Variables {
  const port = variables["PORT"] || "3002";
  return { MCP_URL: `http://127.0.0.1:${port}/mcp`, ...variables };
}

/** Starts an authorization server on this machine, for whoever has none: anyone can log in to it as anyone. */
export async function localEnvironment(url: string): Promise<ScalekitOptions> {
  const { createDevServer } = await import("@mcp-authz/dev-server");
  const dev = await createDevServer({
    servers: [{ id: "res_greeting", name: "Greeting", url, scopes: ["usr:read"] }],
  });
  return { environmentUrl: dev.url, resourceId: "res_greeting" };
}
