import { createHeadlessHost, type HeadlessHost } from "@mcp-authz/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Greeting, startGreeting } from "./greeting.js";

describe.each([1, 2] as const)("a host on the MCP SDK v%i", (version) => {
  let greeting: Greeting;
  let host: HeadlessHost;

  beforeAll(async () => {
    greeting = await startGreeting();
    host = await createHeadlessHost({ url: greeting.url, version });
    await host.connect();
  });
  afterAll(async () => {
    await host.close();
    await greeting.close();
  });

  test("logs in and is greeted", async () => {
    expect(host.scope).toContain("usr:read");
    expect(await host.listTools()).toEqual(["greet_user"]);
    const { structuredContent } = await host.callTool("greet_user", { name: "Grace" });
    expect(structuredContent).toEqual({ greeting: "Hi Grace", greeted_by: greeting.dev.users[0]?.id });
  });

  test("is told what is wrong with arguments inside the result", async () => {
    expect((await host.callTool("greet_user", { name: "" })).isError).toBe(true);
  });

  test("finds its request in the log, under the id that it was told, with the gate's decision", () => {
    const lines = greeting.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    const answered = host.steps.filter((step) => step.kind === "request" && step.stage === "mcp");
    const ids = answered.map((step) => step.kind === "request" && step.answer.headers["x-request-id"]);
    expect(ids.length).toBeGreaterThan(2);
    for (const requestId of ids) {
      expect(lines).toContainEqual(
        expect.objectContaining({ mcpAuthz: expect.objectContaining({ requestId }) }),
      );
      expect(lines).toContainEqual(expect.objectContaining({ requestId, path: "/mcp" }));
    }
  });

  test("left no token in the log", () => {
    const token = host.accessToken ?? "";
    expect(token).toMatch(/^eyJ/);
    expect(greeting.log.join("")).not.toContain(token.split(".")[2]);
  });
});
