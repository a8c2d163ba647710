import { endOnSignal, freePort, listen } from "@mcp-authz/example-stage";
import { onNode } from "./node-adapter.js";
import type { Settings } from "./protected-server.js";
import worker from "./worker.js";

const port = Number(process.env["PORT"] ?? (await freePort(3002)));
const url = process.env["MCP_URL"] ?? `http://127.0.0.1:${port}/mcp`;
const { settings, close } = await settingsOf(process.env);
const server = await listen(
  onNode((request) => worker.fetch(request, settings), new URL(url).origin),
  port,
);
console.log(`MCP endpoint  ${url}
Issuer        ${settings.ISSUER}
Connect an MCP host to the endpoint.`);
endOnSignal(() => Promise.all([server.close(), close()]));

/** Those of the variables, or of an authorization server on this machine. */
async function settingsOf(
  variables: NodeJS.ProcessEnv,
): Promise<{ settings: Settings; close: () => Promise<void> }> {
  const { ISSUER, AUTHORIZATION_SERVER, SCALEKIT_ENVIRONMENT_URL, SCALEKIT_RESOURCE_ID } = variables;
  const close = async () => {};
  if (ISSUER) return { settings: { MCP_URL: url, ISSUER, AUTHORIZATION_SERVER }, close };
  if (SCALEKIT_ENVIRONMENT_URL)
    return { settings: scalekit(SCALEKIT_ENVIRONMENT_URL, SCALEKIT_RESOURCE_ID), close };
  const { createDevServer } = await import("@mcp-authz/dev-server");
  const servers = [{ id: "res_dice", name: "Dice", url, scopes: ["dice:roll"] }];
  const dev = await createDevServer({ servers, banner: false });
  return { settings: scalekit(dev.url, "res_dice"), close: () => dev.close() };
}

/** Tokens are the environment's; clients register with the server's own part of it. */
function scalekit(environment: string, resourceId = ""): Settings {
  return {
    MCP_URL: url,
    ISSUER: environment,
    AUTHORIZATION_SERVER: `${environment}/resources/${resourceId}`,
  };
}
