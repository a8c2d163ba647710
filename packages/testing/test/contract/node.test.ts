import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mcpAuthz } from "@mcp-authz/core/node";
import * as test from "vitest";
import { runContract } from "../../src/index.js";

runContract({
  name: "node:http",
  test,
  async mount(options) {
    const server = createServer(mcpAuthz(options)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/mcp`, close: () => void server.close() };
  },
});
