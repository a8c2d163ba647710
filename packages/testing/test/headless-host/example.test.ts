import { afterAll, beforeAll, expect, it } from "vitest";
import type { Mounted } from "../../src/index.js";
import { createHeadlessHost } from "../../src/index.js";
import { sdkV2Server } from "./mcp-servers.js";
import { world } from "./world.js";

let server: Mounted;
beforeAll(async () => {
  server = await world(sdkV2Server);
});
afterAll(() => server.close());

it("calls a protected tool in four lines", async () => {
  const { url } = server;
  const host = await createHeadlessHost({ url, version: 2 });
  await host.connect();
  await host.callTool("create_todo", { title: "Water the plants" });
  expect(host.scope).toContain("todo:write");
  await host.close();
});
