import { afterEach, describe, expect, it } from "vitest";
import {
  createHeadlessHost,
  type HeadlessHost,
  type HeadlessHostOptions,
  type HostStep,
} from "../../src/index.js";
import { listen } from "../contract/mounts.js";
import { sdkV1Server, sdkV2Server } from "./mcp-servers.js";
import { world } from "./world.js";

let closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
});

async function served(...how: Parameters<typeof world>): Promise<{ url: string }> {
  const { url, close } = await world(...how);
  closing.push(close);
  return { url };
}

async function host(options: HeadlessHostOptions): Promise<HeadlessHost> {
  const made = await createHeadlessHost(options);
  closing.push(() => made.close());
  return made;
}

/** SDK v2 also asks for refresh tokens (offline_access) where they are on offer. */
const granted = ({ scope = "" }: HeadlessHost): string[] =>
  scope.split(" ").filter((name) => name.startsWith("todo:"));

const told = (step: HostStep): string =>
  step.kind === "request" ? `${step.stage} ${step.answer.status}` : `${step.kind} ${step.scope}`;

describe.each([
  ["SDK v2 server", sdkV2Server],
  ["SDK v1 server", sdkV1Server],
] as const)("%s", (_, handler) => {
  it.each([
    ["SDK v1 client", { version: 1 }],
    ["SDK v2 client", { version: 2 }],
    ["SDK v2 client in a protocol of 2025", { version: 2, negotiation: "legacy" }],
  ] as const)("lets an %s in, refuses it, and serves it after it has stepped up", async (_, how) => {
    const client = await host({ ...(await served(handler)), ...how });
    await client.connect();
    expect(await client.listTools()).toEqual(["list_todos", "create_todo"]);
    expect(granted(client)).toEqual(["todo:read"]);
    expect(await client.callTool("list_todos")).toHaveProperty(
      "content.0.text",
      expect.stringMatching(/^list_todos for usr_/),
    );
    expect(await client.callTool("create_todo")).toHaveProperty(
      "content.0.text",
      expect.stringMatching(/^create_todo for usr_/),
    );
    expect(granted(client)).toEqual(["todo:read", "todo:write"]);
    expect(client.steps.filter(({ kind }) => kind === "login")).toHaveLength(2);
  });
});

describe("the steps that a host tells of", () => {
  it("are those of MCP authorization, in their order", async () => {
    const steps: string[] = [];
    const client = await host({
      ...(await served(sdkV2Server)),
      version: 2,
      onStep: (step) => steps.push(told(step)),
    });
    await client.connect();
    expect(steps.filter((step, index) => step !== steps[index - 1])).toEqual([
      "mcp 401",
      "resource metadata 200",
      "authorization server metadata 200",
      "registration 201",
      "login todo:read offline_access",
      "authorization 303",
      "token 200",
      "authorized offline_access todo:read",
      "mcp 200",
    ]);
  });
});

it("agrees on the pages of an authorization server that has some", async () => {
  const client = await host({ ...(await served(sdkV2Server, { approve: "page" })), version: 2 });
  await client.connect();
  expect(await client.listTools()).toEqual(["list_todos", "create_todo"]);
});

it("says so when the server does not ask for a login but fails", async () => {
  const mounted = await listen((_, response) => response.writeHead(500).end());
  closing.push(mounted.close);
  const client = await host({ url: mounted.url, version: 2 });
  await expect(client.connect()).rejects.toThrow("500");
  await expect(client.listTools()).rejects.toThrow("The host is not connected");
});
