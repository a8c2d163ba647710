import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { projectOf } from "../../src/init/framework.js";
import { init } from "../../src/init/init.js";
import { authorizationSource, toolNamesIn } from "../../src/init/source.js";

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mcp-authz-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

describe("init", () => {
  it.each([
    [{ dependencies: { express: "5" } }, "express"],
    [{ dependencies: { fastify: "5", express: "5" } }, "fastify"],
    [{ devDependencies: { hono: "4" } }, "hono"],
    [{ dependencies: { koa: "3" } }, "koa"],
    [{}, "node"],
    [undefined, "node"],
  ])("finds the framework in %j: %s", (manifest, framework) => {
    expect(projectOf(manifest).framework).toBe(framework);
  });

  it("writes the five lines with the tools it found, .env and .gitignore", async () => {
    const folder = await project({
      "package.json": '{"dependencies":{"koa":"3"}}',
      "pnpm-lock.yaml": "",
      "server.mjs": "server.registerTool(\"list_todos\", {}, list);\nserver.tool('x-y', make);",
      ".env": "PORT=1",
    });
    const done = await init({ folder, url: "http://localhost:9/mcp" });
    expect(done.written).toEqual(["authorization.mjs", ".env", ".gitignore"]);
    expect(done.next[0]).toBe("pnpm add @mcp-authz/koa @mcp-authz/scalekit");
    expect(await readFile(join(folder, ".env"), "utf8")).toBe(
      "PORT=1\nMCP_URL=http://localhost:9/mcp\nSCALEKIT_ENVIRONMENT_URL=\nSCALEKIT_RESOURCE_ID=\n",
    );
    expect(await readFile(join(folder, "authorization.mjs"), "utf8")).toBe(
      authorizationSource("koa", ["list_todos", "x-y"]),
    );
    expect(authorizationSource("koa", ["list_todos", "x-y"])).toContain('list_todos: [],\n      "x-y": [],');
  });

  it("changes nothing the second time", async () => {
    const folder = await project({ "package.json": "{}" });
    await init({ folder });
    expect((await init({ folder })).written).toEqual([]);
  });

  it("knows tools by literal names only", () => {
    expect(toolNamesIn('a.tool(name, f); b.registerTool(\n  "x", {}); a.tool("x", g)')).toEqual(["x"]);
  });
});
