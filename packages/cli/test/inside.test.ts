import { fileURLToPath } from "node:url";
import { jwt } from "@mcp-authz/core";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { AppNotStarted, assertPassed, type Report, verifyInside } from "../src/index.js";
import { startGuideServer } from "./servers/guide-server.js";
import type { Mending, Site } from "./servers/mending.js";
import { keyCooldown, startSdkServer } from "./servers/sdk-server.js";

const todoTools = {
  list_todos: "todo:read",
  get_todo: "todo:read",
  create_todo: "todo:write",
  update_todo: "todo:write",
  delete_todo: "todo:write",
};

function problems({ findings }: Report, ...severities: readonly string[]): readonly string[] {
  return findings
    .filter(({ outcome }) => severities.includes(outcome))
    .map(({ outcome, check, code }) => `${outcome} ${check} ${code}`);
}

function example(name: string, program: string): string {
  const path = fileURLToPath(new URL(`../../../examples/${name}/dist/${program}.js`, import.meta.url));
  return `"${process.execPath}" "${path}"`;
}

describe("verify from inside", () => {
  it.each(["express", "fastify", "hono", "koa"])(
    "finds nothing wrong in the todo server on %s",
    async (framework) => {
      const report = await verifyInside({
        command: example(`${framework}-todo`, "server"),
        tools: todoTools,
        implies: { "todo:write": "todo:read" },
      });
      expect(problems(report, "fail", "warn")).toEqual([]);
      expect(() => assertPassed(report)).not.toThrow();
      expect(report.matrix?.rows.find(({ tool }) => tool === "create_todo")?.cells).toEqual([
        "insufficient_scope",
        "allowed",
      ]);
    },
  );

  // Not those that need more at their start than an issuer: another API, Scalekit's own, or its login connection.
  it.each([
    ["custom-framework", "server"],
    ["existing-app", "server"],
    ["greeting", "main"],
    ["identity-admin", "main"],
    ["worker", "main"],
  ])("finds nothing wrong in the example %s", async (name, program) => {
    // Vitest sets BASE_URL for pages; to a server it means something else.
    const report = await verifyInside({ command: example(name, program), env: { BASE_URL: "" } });
    expect(problems(report, "fail", "warn")).toEqual([]);
    expect(report.findings.filter(({ outcome }) => outcome === "skip").map(({ check }) => check)).toEqual([
      "I6",
    ]);
  });

  it("examines the options of an application", async () => {
    const report = await verifyInside({
      options: {
        resource: "https://mcp.example.com/mcp",
        provider: jwt({ issuer: "https://auth.example.com" }),
        policy: { baseline: "todo:read", tools: { list_todos: "todo:read", create_todo: "todo:write" } },
        onEvent: () => undefined,
      },
      tools: { list_todos: "todo:read", create_todo: "todo:write" },
    });
    expect(problems(report, "fail", "warn")).toEqual([]);
  });

  it("makes its tokens with the scopes that the application asks for, whatever they are called", async () => {
    const report = await verifyInside({
      options: {
        resource: "https://mcp.example.com/mcp",
        provider: jwt({ issuer: "https://auth.example.com" }),
        policy: { baseline: "notes:browse", tools: {} },
        onEvent: () => undefined,
      },
      only: ["I2", "I3", "I4", "I5"],
    });
    expect(report.findings.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual(
      ["I1", "I2", "I5", "I3", "I4"].map((check) => `${check} pass`),
    );
  });

  it("notices that the options let a tool be called without the scope that it is meant to need", async () => {
    const report = await verifyInside({
      options: {
        resource: "https://mcp.example.com/mcp",
        provider: jwt({ issuer: "https://auth.example.com" }),
        policy: { baseline: "todo:read", tools: { create_todo: "todo:read" } },
        onEvent: () => undefined,
      },
      tools: { create_todo: "todo:write" },
    });
    expect(problems(report, "fail")).toContain("fail I6 inside-scope-not-checked");
    expect(() => assertPassed(report)).toThrow("create_todo");
  });

  it("finds in the guide's sample server what only made-up tokens show", async () => {
    const report = await verifyInside({
      app: ({ issuer, port, resource }) => startGuideServer({ issuer }, { at: { port, resource } }),
      tools: { list_todos: "todo:read", create_todo: "todo:write" },
      keyCooldown: 0,
    });
    expect([...new Set(problems(report, "fail"))]).toEqual([
      "fail V18 origin-not-checked",
      "fail V23 guard-bypassed",
      "fail I2 inside-wrong-token-accepted",
      "fail V21 sloppy-credentials",
      "fail I6 inside-scope-not-checked",
      "fail I6 step-up-without-challenge",
      "fail I6 batch-bypasses-scopes",
      "fail I3 rotation-not-followed",
      "fail I4 outage-blames-client",
    ]);
    const accepted = report.findings.filter(({ code }) => code === "inside-wrong-token-accepted");
    const titles = accepted.map(({ seen }) => seen).join("; ");
    expect(titles).toContain("a token without exp");
    expect(titles).toContain("a token from another issuer");
    expect(accepted.find(({ seen }) => seen.includes("another issuer"))?.section).toMatch(/RFC|MCP/);
  });

  it("finds in a server with the SDK's requireBearerAuth alone what only made-up tokens show", async () => {
    const report = await verifyInside({
      app: ({ issuer, port, resource }) => startSdkServer({ issuer }, { at: { port, resource } }),
      tools: { list_todos: "todo:read", create_todo: "todo:write" },
      keyCooldown: 2 * keyCooldown,
    });
    expect([...new Set(problems(report, "fail"))]).toEqual([
      "fail V5 bad-token-not-401",
      "fail V18 origin-not-checked",
      "fail I2 inside-wrong-token-accepted",
      "fail I2 inside-wrong-token-not-401",
      "fail V21 sloppy-credentials",
      "fail I6 inside-scope-not-checked",
      "fail I4 outage-blames-client",
    ]);
    const accepted = report.findings.filter(({ code }) => code === "inside-wrong-token-accepted");
    expect(accepted.map(({ seen }) => seen).join("; ")).toContain("a token for another resource");
  });

  it.each([
    [2100, "pass", "2 seconds later"],
    [0, "fail", "HTTP 500"],
  ])("gives an app that has just asked for keys %d ms to ask again: %s", async (given, outcome, seen) => {
    const mend = ({ issuer }: Site): Mending => {
      const keys = createRemoteJWKSet(new URL(`${issuer}/keys`), { cooldownDuration: 2000 });
      return { verification: () => async (token) => (await jwtVerify(token, keys, { issuer })).payload };
    };
    const report = await verifyInside({
      app: ({ issuer, port, resource }) => startSdkServer({ issuer }, { at: { port, resource }, mend }),
      keyCooldown: given,
      only: ["I3"],
    });
    expect(report.findings.map(({ check }) => check)).toEqual(["I1", "I3"]);
    expect(report.findings.at(-1)).toMatchObject({ outcome, seen: expect.stringContaining(seen) });
    expect(report.hosts).toEqual([]);
  });

  it("does not take a check that is not there for one that passes", async () => {
    const command = "never started";
    await expect(verifyInside({ command, only: ["I9"] })).rejects.toThrow("no check is named I9");
  });

  it("says why a command does not come up", async () => {
    const command = `"${process.execPath}" -e "throw new Error('no configuration')"`;
    await expect(verifyInside({ command })).rejects.toThrow(AppNotStarted);
    await expect(verifyInside({ command })).rejects.toThrow("no configuration");
  });

  it("gives the command no shell", async () => {
    await expect(verifyInside({ command: "echo $(id)" })).rejects.toThrow(/ended with code 0/);
  });
});
