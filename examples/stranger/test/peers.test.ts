import { cp } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { major, minor } from "semver";
import { afterAll, beforeAll, expect, it } from "vitest";
import { emptyProject } from "./empty-project.js";
import { packAll, type Tarballs } from "./tarballs.js";
import { type Edge, edges } from "./versions.js";

/** What runs with a version of a peer, and what it takes besides. */
interface Trial {
  /** In `peers/`: TypeScript that must compile against that version, and tests for Node's own runner. */
  readonly program: string;
  readonly ours?: readonly string[];
  readonly others?: (version: string) => Readonly<Record<string, string>>;
}

const sameMajor = (version: string) => `^${major(version)}.0.0`;
const sameMinor = (version: string) => `~${major(version)}.${minor(version)}.0`;

const trials: Readonly<Record<string, Trial>> = {
  express: { program: "express", others: (version) => ({ "@types/express": sameMajor(version) }) },
  fastify: { program: "fastify" },
  // Hono's own server for Node needs a newer Hono than our binding does.
  hono: { program: "hono", others: () => ({ srvx: "1.0.8" }) },
  koa: { program: "koa", others: (version) => ({ "@types/koa": sameMajor(version) }) },
  "@scalekit-sdk/node": { program: "scalekit" },
  "@modelcontextprotocol/sdk": { program: "sdk-v1", ours: ["@mcp-authz/dev-server"] },
  "@modelcontextprotocol/client": {
    program: "sdk-v2",
    ours: ["@mcp-authz/dev-server"],
    others: (version) => ({ "@modelcontextprotocol/server": sameMinor(version) }),
  },
};

const programs = fileURLToPath(new URL("../peers", import.meta.url));
// Not installed anew in every project: it only looks at what is.
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

let tarballs: Tarballs;
beforeAll(async () => {
  tarballs = await packAll();
}, 120_000);
afterAll(() => tarballs.remove());

it.concurrent.each(await edges())(
  "$name with $peer $version",
  async ({ name, peer, version }) => {
    const project = await projectWith({ name, peer, version });
    try {
      const { program } = trialOf(peer);
      await cp(programs, join(project.folder, "peers"), { recursive: true });
      await project.write("tsconfig.json", JSON.stringify(compiling(program)));
      await project.run(process.execPath, [tsc, "-p", "."]);
      await project.run(process.execPath, ["--test-reporter=dot", `dist/${program}.js`]);
    } finally {
      await project.remove();
    }
  },
  120_000,
);

it("tries every peer that a package names", async () => {
  expect(Object.keys(trials).sort()).toEqual([...new Set((await edges()).map(({ peer }) => peer))].sort());
});

function trialOf(peer: string): Trial {
  const trial = trials[peer];
  if (trial === undefined) throw new Error(`Nothing tries ${peer}: add a program for it to peers/`);
  return trial;
}

function projectWith({ name, peer, version }: Edge) {
  const { ours = [], others } = trialOf(peer);
  const needed = new Set(["@mcp-authz/core", "@mcp-authz/testing", name, ...ours]);
  return emptyProject(
    Object.fromEntries(Object.entries(tarballs.all).filter(([tarball]) => needed.has(tarball))),
    { "@types/node": "20.19.43", ...others?.(version), [peer]: version },
  );
}

const compiling = (program: string) => ({
  compilerOptions: {
    target: "es2022",
    module: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    types: ["node"],
    rootDir: "peers",
    outDir: "dist",
  },
  files: [`peers/${program}.ts`],
});
