import { fileURLToPath } from "node:url";
import { freePort, startProgram } from "@mcp-authz/example-stage";
import { createHeadlessHost } from "@mcp-authz/testing";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("../dist/main.js", import.meta.url));

test("one command is enough, and a signal ends it in order", async () => {
  const port = await freePort();
  const running = startProgram(program, { PORT: String(port) });
  await running.printed(/Identity admin: http/);
  const host = await createHeadlessHost({ url: `http://127.0.0.1:${port}/mcp`, version: 2 });
  await host.connect();
  const { structuredContent } = await host.callTool("list_organizations");
  expect((structuredContent as { items: unknown[] }).items).toHaveLength(3);
  await host.callTool("create_organization", { display_name: "Initech" });
  await running.printed(/"tool":"create_organization".*"outcome":"done"/);
  expect(await running.stop()).toBe(0);
  await host.close();
});

test("says all that is missing at once, and nothing starts", async () => {
  const running = startProgram(program, { SCALEKIT_ENVIRONMENT_URL: "https://acme.scalekit.dev" });
  await running.printed(/SCALEKIT_RESOURCE_ID is not set[\s\S]*SCALEKIT_CLIENT_SECRET is not set/);
  expect(await running.ended).toBe(1);
});
