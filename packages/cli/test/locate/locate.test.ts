import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { locateServer } from "../../src/index.js";
import { startModelServer } from "../servers/model-server.js";

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mcp-authz-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

async function found(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return (await locateServer(await project(files), [])).map(({ url, where }) => `${url} in ${where}`);
}

describe("finding the server's URL", () => {
  it("reads .env files, the most telling name first", async () => {
    const env =
      "PUBLIC_URL=https://a.test\n# MCP_URL=https://no.test\nexport RESOURCE_ID='https://b.test/mcp'\n";
    expect(await found({ ".env": env, ".env.example": "MCP_URL=https://c.test/mcp" })).toEqual([
      "https://c.test/mcp in .env.example:1 (MCP_URL)",
      "https://b.test/mcp in .env:3 (RESOURCE_ID)",
      "https://a.test in .env:1 (PUBLIC_URL)",
    ]);
  });

  it("finds constants and metadata documents in source of several languages", async () => {
    expect(
      await found({
        "src/a.js": "const RESOURCE_ID = 'https://a.test/mcp';",
        "app.py": 'x = 1\nreturn {"resource": "https://b.test"}',
        "src/c.ts":
          'mcpAuthz({ resource: process.env.MCP_URL ?? "x", other: 1 });\nconst SERVER_URL: string = 1',
        "node_modules/d/index.js": "const RESOURCE_ID = 'https://d.test/mcp';",
      }),
    ).toEqual(["https://b.test in app.py:2 (resource)", "https://a.test/mcp in src/a.js:1 (RESOURCE_ID)"]);
  });

  it("reads what AI hosts were told", async () => {
    const settings = JSON.stringify({
      servers: { todo: { type: "http", url: "http://localhost:3000/mcp" } },
    });
    expect(await found({ ".vscode/mcp.json": settings, ".mcp.json": "{ broken" })).toEqual([
      "http://localhost:3000/mcp in .vscode/mcp.json (todo)",
    ]);
  });

  it("leaves placeholders and secrets-shaped values alone", async () => {
    expect(
      await found({
        ".env":
          "MCP_URL=https://mcp.yourapp.com\nSERVER_URL=https://<host>\nRESOURCE_ID=res_123\nPUBLIC_URL=",
      }),
    ).toEqual([]);
  });

  it("asks local ports for a running server", async () => {
    const server = await startModelServer();
    try {
      const port = Number(new URL(server.url).port);
      expect(await locateServer(await project({}), [port])).toEqual([
        { url: server.url, where: `a server running on port ${port}` },
      ]);
    } finally {
      await server.close();
    }
  });
});
