import { fileURLToPath } from "node:url";
import { freePort, startProgram } from "@mcp-authz/example-stage";
import { createHeadlessHost } from "@mcp-authz/testing";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("../dist/main.js", import.meta.url));

test("one command is enough, and a signal ends it in order while a stream is open", async () => {
  const port = await freePort();
  const running = startProgram(program, { PORT: String(port) });
  await running.printed(/greeting server listens/);
  const host = await createHeadlessHost({ url: `http://127.0.0.1:${port}/mcp`, version: 2 });
  await host.connect();
  const { structuredContent } = await host.callTool("greet_user", { name: "Grace" });
  expect(structuredContent).toMatchObject({ greeting: "Hi Grace" });
  expect(await running.stop()).toBe(0);
  await host.close();
});

test("a wrong variable is named, and nothing starts", async () => {
  const running = startProgram(program, { RATE_LIMIT: "many" });
  await running.printed(/RATE_LIMIT is "many": write a number/);
  expect(await running.ended).toBe(1);
});
