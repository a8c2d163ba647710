// The contract under node:test; see command.test.ts.
import { createServer } from "node:http";
import * as test from "node:test";
import { mcpAuthz } from "@mcp-authz/core/node";
import { runContract } from "../../dist/index.js";

runContract({
  name: "node:test",
  test,
  async mount(options) {
    const server = createServer(mcpAuthz(options));
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${server.address().port}/mcp`, close: () => void server.close() };
  },
});
