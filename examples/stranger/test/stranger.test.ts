import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createDevServer, type DevServer } from "@mcp-authz/dev-server";
import { createHeadlessHost } from "@mcp-authz/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmptyProject, emptyProject } from "./empty-project.js";
import { manifestOf, packages, published } from "./published.js";
import { packAll, type Tarballs } from "./tarballs.js";

/** What the READMEs have people install beside our packages. */
const others = {
  "@hono/node-server": "2.1.9",
  "@modelcontextprotocol/client": "2.4.0",
  "@modelcontextprotocol/sdk": "1.32.2",
  "@modelcontextprotocol/server": "2.4.0",
  "@types/express": "5.0.6",
  "@types/koa": "3.0.3",
  "@types/node": "20.19.43",
  express: "5.3.0",
  fastify: "5.12.8",
  hono: "4.13.19",
  koa: "3.3.0",
  typescript: "6.0.3",
  zod: "4.6.7",
};

let tarballs: Tarballs;
let project: EmptyProject;
/** What can be imported of our packages. */
let entries: readonly string[];
let dev: DevServer;

beforeAll(async () => {
  tarballs = await packAll();
  project = await emptyProject(tarballs.all, others);
  entries = (await Promise.all(Object.keys(tarballs.all).map(entriesOf))).flat();
  dev = await createDevServer({ approve: "auto", banner: false });
}, 240_000);
afterAll(async () => {
  await dev.close();
  await project.remove();
  await tarballs.remove();
});

describe.each(await published())("the tarball of $manifest.name", ({ home, manifest: { name } }) => {
  it("holds what was built, a README and the licence, and nothing else", async () => {
    const tarball = (tarballs.all[name] as string).slice("file:".length);
    const paths = (await project.run("tar", ["-tzf", tarball])).trim().split("\n");
    const built = /^package\/dist\/[^/]+\.(?:c?js|c?js\.map|d\.c?ts)$/;
    expect(paths.filter((path) => built.test(path)).length).toBeGreaterThan(0);
    expect(paths.filter((path) => !built.test(path)).sort()).toEqual([
      "package/LICENSE",
      "package/README.md",
      "package/package.json",
    ]);
  });

  it("says where it comes from, where it runs, and how it is published", async () => {
    const manifest = await manifestOf(join(project.folder, "node_modules", name, "package.json"));
    const directory = `packages/${basename(home.pathname)}`;
    const site = "https://github.com/mcp-authz/mcp-authz";
    expect(manifest).toMatchObject({
      license: "MIT",
      homepage: `${site}/tree/main/${directory}#readme`,
      bugs: `${site}/issues`,
      repository: { url: `git+${site}.git`, directory },
      engines: { node: ">=20.19.0" },
      publishConfig: { access: "public", provenance: true },
      sideEffects: false,
    });
    const ranges = Object.values({ ...manifest.dependencies, ...manifest.peerDependencies });
    expect(ranges.filter((range) => range.startsWith("workspace:"))).toEqual([]);
  });
});

describe.each([{ node: "20" }, { node: "22" }, { node: "24" }])("on Node $node", ({ node }) => {
  const run = (file: string) => project.run("npx", ["--yes", "--package", `node@${node}`, "node", file]);

  it("every entry of every package is there for import and for require", async () => {
    expect(entries.length).toBeGreaterThan(9);
    await project.write(
      `import-${node}.mjs`,
      `for (const entry of ${JSON.stringify(entries)}) {
        const names = Object.keys(await import(entry));
        if (names.length === 0) throw new Error(entry + " exports nothing");
      }
      console.log("imported on", process.versions.node);`,
    );
    await project.write(
      `require-${node}.cjs`,
      `for (const entry of ${JSON.stringify(entries)}) {
        const names = Object.keys(require(entry));
        if (names.length === 0) throw new Error(entry + " exports nothing");
      }
      console.log("required on", process.versions.node);`,
    );
    expect(await run(`import-${node}.mjs`)).toMatch(new RegExp(`imported on ${node}\\.`));
    expect(await run(`require-${node}.cjs`)).toMatch(new RegExp(`required on ${node}\\.`));
  }, 180_000);
});

it("the types hold beside SDK v1 and v2, with nothing skipped", async () => {
  await project.write(
    "types/tsconfig.json",
    JSON.stringify({
      compilerOptions: { ...strict, skipLibCheck: false, types: ["node"], noEmit: true },
      include: ["."],
    }),
  );
  await project.write(
    "types/types.ts",
    `${entries
      .filter((entry) => entry !== "mcp-authz")
      .map((entry, index) => `import * as entry${index} from "${entry}";`)
      .join("\n")}
import type { AuthInfo as V1 } from "@modelcontextprotocol/sdk/server/auth/types.js";
import type { AuthInfo as V2 } from "@modelcontextprotocol/server";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import type { AuthInfo, McpHandler } from "@mcp-authz/core";
declare const ours: AuthInfo;
export const v1: V1 = ours;
export const v2: V2 = ours;
export const handler: McpHandler = createMcpHandler(() => new McpServer({ name: "a", version: "1.0.0" }));
export const all = [${entries
      .filter((entry) => entry !== "mcp-authz")
      .map((_, index) => `entry${index}`)
      .join(", ")}];
`,
  );
  const output = await project.run("npx", ["tsc", "-p", "types"]).catch((error: Error) => error.message);
  // Only what is ours, or touches ours: the SDKs' own declarations have faults of their own.
  expect(
    output.split("\n").filter((line) => /^(?:types\/|node_modules\/(?:@mcp-authz|mcp-authz)\/)/.test(line)),
  ).toEqual([]);
}, 120_000);

/** A gate over web standards alone, with a token that it mints for itself. */
const elsewhere = `
import { jwt } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/core/fetch";
import { mcpAuthz as forHono } from "@mcp-authz/hono";
import { Hono } from "hono";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

const resource = "https://mcp.example.com/mcp";
const issuer = "https://auth.example.com";
const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256" }] };
const mint = (scope) =>
  new SignJWT({ scope, client_id: "c" })
    .setProtectedHeader({ alg: "ES256", kid: "k1", typ: "at+jwt" })
    .setIssuer(issuer).setAudience(resource).setSubject("alice").setIssuedAt().setExpirationTime("5m")
    .sign(privateKey);
const options = {
  resource,
  provider: jwt({ issuer, keys }),
  policy: { tools: { list: "todo:read", write: "todo:write" } },
  handler: { fetch: async (request, { authInfo }) => Response.json({ jsonrpc: "2.0", id: 1, result: { subject: authInfo.extra.subject } }) },
};
const targets = { fetch: mcpAuthz(options), hono: (request) => new Hono().use(forHono(options)).fetch(request) };
for (const [name, serve] of Object.entries(targets)) {
  const call = async (tool, scope) => {
    const authorization = scope === undefined ? {} : { authorization: "Bearer " + (await mint(scope)) };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: tool, arguments: {} } });
    return serve(new Request(resource, { method: "POST", headers: { "content-type": "application/json", ...authorization }, body }));
  };
  const statuses = [(await call("list")).status, (await call("list", "todo:read")).status, (await call("write", "todo:read")).status];
  if (statuses.join() !== "401,200,403") throw new Error(name + " answered " + statuses);
}
const runtime = globalThis.Bun ? "Bun" : globalThis.Deno ? "Deno" : "Node.js";
console.log("served on " + runtime);
`;

describe("web standards, on other runtimes", () => {
  it.each([
    { runtime: "Node.js", command: ["node", "elsewhere.mjs"] },
    { runtime: "Bun", command: ["npx", "--yes", "bun", "elsewhere.mjs"] },
    {
      runtime: "Deno",
      command: ["npx", "--yes", "deno", "run", "--allow-all", "--node-modules-dir=manual", "elsewhere.mjs"],
    },
  ])(
    "core and hono decide on $runtime as anywhere",
    async ({ runtime, command }) => {
      await project.write("elsewhere.mjs", elsewhere);
      const [program, ...args] = command;
      expect(await project.run(program as string, args)).toContain(`served on ${runtime}`);
    },
    120_000,
  );
});

const strict = {
  target: "es2022",
  module: "nodenext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
};

describe.each([
  { framework: "express" },
  { framework: "fastify" },
  { framework: "hono" },
  { framework: "koa" },
])("the README's lines for $framework, pasted into the empty project", ({ framework }) => {
  it("compile, start, let a real client log in and call a tool, and verify finds nothing", async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/mcp`;
    const { id } = dev.registerServer({ name: "Todo", url, scopes: ["todo:read", "todo:write"] });
    const [lines] = await snippetsOf(`${framework}/README.md`);
    const [, todoServer] = await snippetsOf("../README.md");
    const here = (text: string | undefined) =>
      (text ?? "").replaceAll("https://mcp.example.com/mcp", url).replaceAll("3000", String(port));
    await project.write(`${framework}/src/server.ts`, here(lines));
    await project.write(`${framework}/src/todo-server.ts`, here(todoServer));
    await project.write(
      `${framework}/tsconfig.json`,
      JSON.stringify({
        compilerOptions: { ...strict, skipLibCheck: true, types: ["node"], rootDir: "src", outDir: "dist" },
        include: ["src"],
      }),
    );
    await project.run("npx", ["tsc", "-p", framework]);

    const server = spawn(process.execPath, [`${framework}/dist/server.js`], {
      cwd: project.folder,
      stdio: "inherit",
      env: { ...process.env, SCALEKIT_ENVIRONMENT_URL: dev.url, SCALEKIT_RESOURCE_ID: id },
    });
    try {
      await answering(url, server);
      for (const version of [1, 2] as const) {
        const host = await createHeadlessHost({ url, version });
        await host.connect();
        expect(await host.callTool("list_todos")).not.toHaveProperty("isError", true);
        expect(await host.callTool("create_todo", { title: "Read the README" })).not.toHaveProperty(
          "isError",
          true,
        );
        await host.close();
      }
      const report = JSON.parse(await project.run("npx", ["mcp-authz", "verify", url, "--json"]));
      expect(report).toBeTypeOf("object");
    } finally {
      server.kill();
    }
  }, 120_000);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (server.exitCode !== null) throw new Error(`The server ended with ${server.exitCode}`);
    try {
      await fetch(url);
      return;
    } catch {
      await pause(100);
    }
  }
  throw new Error(`Nothing answers at ${url}`);
}

async function entriesOf(name: string): Promise<string[]> {
  const manifest = await manifestOf(join(project.folder, "node_modules", name, "package.json"));
  const subpaths = Object.keys(manifest.exports ?? {}).filter((subpath) => !subpath.endsWith(".json"));
  return subpaths.map((subpath) => (subpath === "." ? name : `${name}${subpath.slice(1)}`));
}

/** The TypeScript blocks of a README, in order. */
async function snippetsOf(path: string): Promise<string[]> {
  const text = await readFile(new URL(path, packages), "utf8");
  return [...text.matchAll(/^```(?:ts|typescript)\n([\s\S]*?)^```$/gm)].map((match) => match[1] as string);
}
