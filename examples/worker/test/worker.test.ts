import { fileURLToPath } from "node:url";
import { startProgram } from "@mcp-authz/example-stage";
import { createHeadlessHost } from "@mcp-authz/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Place, placeFor } from "./place.js";
import { bundleWorker, runInSandbox } from "./sandbox.js";

describe("the worker, bundled for no platform, in a context without Node.js", () => {
  let bundle: Awaited<ReturnType<typeof bundleWorker>>;
  let sandbox: ReturnType<typeof runInSandbox>;
  let place: Place;

  beforeAll(async () => {
    bundle = await bundleWorker();
    sandbox = runInSandbox(bundle.code);
    place = await placeFor((request, settings) => sandbox.worker.fetch(request, settings));
  });
  afterAll(() => place.close());

  test("imports nothing", () => {
    expect(bundle.imports).toEqual([]);
    expect(bundle.code).not.toMatch(/\b(require|import)\(\s*["']node:/);
  });

  test.each(["process", "Buffer", "global", "require", "setImmediate"])("finds no %s", (name) => {
    expect(sandbox.evaluate(`typeof ${name}`)).toBe("undefined");
  });

  test("cannot make code from text", () => {
    expect(() => sandbox.evaluate("new Function('return 1')")).toThrow("Code generation from strings");
  });

  test("answers a request without a token with the challenge", async () => {
    const response = await fetch(place.url, { method: "POST" });
    expect(response.status).toBe(401);
    const { origin } = new URL(place.url);
    expect(response.headers.get("www-authenticate")).toBe(
      `Bearer realm="OAuth", resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp", scope="dice:roll"`,
    );
  });

  test("answers two sets of credentials with 400", async () => {
    const headers = { Authorization: "Bearer a, Bearer b" };
    expect((await fetch(place.url, { method: "POST", headers })).status).toBe(400);
  });

  test.each([1, 2] as const)("serves a host on the MCP SDK v%i", async (version) => {
    const host = await createHeadlessHost({ url: place.url, version });
    await host.connect();
    const { structuredContent } = await host.callTool("roll_dice", { sides: 6 });
    expect(structuredContent).toEqual({ rolled: expect.any(Number), rolled_by: place.person });
    expect((await host.callTool("roll_dice", { sides: 1 })).isError).toBe(true);
    await host.close();
  });
});

test("one command is enough", async () => {
  const program = startProgram(fileURLToPath(new URL("../dist/main.js", import.meta.url)));
  const [, endpoint = ""] = await program.printed(/MCP endpoint\s+(\S+)[\s\S]+Connect/);
  const host = await createHeadlessHost({ url: endpoint, version: 2 });
  await host.connect();
  expect((await host.callTool("roll_dice")).structuredContent).toHaveProperty("rolled");
  await host.close();
  expect(await program.stop()).toBe(0);
});
