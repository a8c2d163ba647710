import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const packages = new URL("../../../packages/", import.meta.url);

/** A project of somebody else's, with our packages installed from their tarballs. */
export interface EmptyProject {
  readonly folder: string;
  /** Names of our packages, with the entries that each exports. */
  readonly entries: readonly string[];
  write(path: string, text: string): Promise<void>;
  /** Runs a program in the project; rejects with its output when it fails. */
  run(program: string, args: readonly string[], env?: Record<string, string>): Promise<string>;
  remove(): Promise<void>;
}

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

export async function emptyProject(): Promise<EmptyProject> {
  const folder = await mkdtemp(join(tmpdir(), "mcp-authz-stranger-"));
  const tarballs = await packAll(folder);
  const dependencies = { ...others, ...tarballs };
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({
      name: "stranger",
      private: true,
      type: "module",
      dependencies,
      // Our packages depend on each other by version; none of these versions is published yet.
      overrides: Object.fromEntries(Object.keys(tarballs).map((name) => [name, `$${name}`])),
    }),
  );
  await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"], {
    cwd: folder,
    maxBuffer: 1e8,
  });
  return {
    folder,
    entries: (await Promise.all(Object.keys(tarballs).map((name) => entriesOf(folder, name)))).flat(),
    async write(path, text) {
      await mkdir(join(folder, path, ".."), { recursive: true });
      await writeFile(join(folder, path), text);
    },
    async run(program, args, env = {}) {
      try {
        const { stdout } = await run(program, [...args], {
          cwd: folder,
          maxBuffer: 1e8,
          env: { ...process.env, ...env },
        });
        return stdout;
      } catch (error) {
        const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
        throw new Error(`${program} ${args.join(" ")} failed\n${stdout}\n${stderr}`, { cause: error });
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** As they would be published: `workspace:` versions resolved. */
async function packAll(folder: string): Promise<Record<string, string>> {
  const tarballs: Record<string, string> = {};
  for (const directory of await readdir(packages)) {
    const home = new URL(`${directory}/`, packages);
    const manifest = await manifestOf(new URL("package.json", home));
    if (manifest === undefined || manifest.private === true) continue;
    const target = join(folder, "tarballs", directory);
    await mkdir(target, { recursive: true });
    // Under pnpm, npm_execpath is pnpm itself; only pnpm knows the workspace protocol.
    const pnpm =
      process.env["npm_execpath"]?.includes("pnpm") === true ? process.env["npm_execpath"] : undefined;
    const [program, ...args] = pnpm === undefined ? ["pnpm"] : [process.execPath, pnpm];
    await run(program as string, [...args, "pack", "--pack-destination", target], {
      cwd: home,
      maxBuffer: 1e8,
    });
    const [tarball] = await readdir(target);
    tarballs[manifest.name] = `file:tarballs/${directory}/${tarball}`;
  }
  return tarballs;
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
}

async function manifestOf(path: URL | string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Manifest;
  } catch {
    return undefined;
  }
}

async function entriesOf(folder: string, name: string): Promise<string[]> {
  const manifest = await manifestOf(join(folder, "node_modules", name, "package.json"));
  const subpaths = Object.keys(manifest?.exports ?? {}).filter((subpath) => !subpath.endsWith(".json"));
  return subpaths.map((subpath) => (subpath === "." ? name : `${name}${subpath.slice(1)}`));
}

/** The TypeScript blocks of a README, in order. */
export async function snippetsOf(path: string): Promise<string[]> {
  const text = await readFile(new URL(path, packages), "utf8");
  return [...text.matchAll(/^```(?:ts|typescript)\n([\s\S]*?)^```$/gm)].map((match) => match[1] as string);
}
