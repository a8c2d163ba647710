import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { McpAuthzOptions } from "@mcp-authz/core";
import { type Mounted, runContract } from "@mcp-authz/testing";
import * as test from "vitest";
import { getAuth, mcpAuthz } from "../src/mcp-authz.js";
import { type Call, type Next, type Reply, Rill } from "../src/rill.js";

runContract({ name: "Rill", test, mount: (options) => mounted(new Rill().use(mcpAuthz(options))) });

runContract({
  name: "Rill, a route of the application behind the gate",
  test,
  servedBy: "application",
  mount: ({ handler, ...options }) =>
    mounted(new Rill().use(mcpAuthz(options)).use((call, next) => route(call, next, handler))),
});

/** How an application would serve MCP by itself: with the caller and the body that the gate left in `locals`. */
async function route(call: Call, next: Next, handler: McpAuthzOptions["handler"]): Promise<Reply> {
  if (handler === undefined || !/^\/mcp\/?(\?|$)/.test(call.target)) return next();
  const auth = getAuth(call);
  const request = new Request(`http://127.0.0.1${call.target}`, {
    method: call.method,
    headers: call.headers.map(([name, value]): [string, string] => [name, value]),
    signal: call.gone,
  });
  const response = await handler.fetch(request, {
    parsedBody: call.locals.get("body"),
    ...(auth === undefined ? {} : { authInfo: auth }),
  });
  return { status: response.status, headers: [...response.headers], body: response.body };
}

async function mounted(app: Rill): Promise<Mounted> {
  const server: Server = await app.listen(0, "127.0.0.1");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
