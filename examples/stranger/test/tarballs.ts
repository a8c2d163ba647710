import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { published } from "./published.js";

const run = promisify(execFile);

/** Our packages as they would be published: `workspace:` versions resolved. */
export interface Tarballs {
  /** What npm installs, by the package's name. */
  readonly all: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

export async function packAll(): Promise<Tarballs> {
  const folder = await mkdtemp(join(tmpdir(), "mcp-authz-tarballs-"));
  const packed = (await published()).map(async ({ home, manifest: { name } }) => {
    const target = join(folder, name);
    await mkdir(target, { recursive: true });
    const [program, ...args] = pnpm();
    await run(program, [...args, "pack", "--pack-destination", target], { cwd: home, maxBuffer: 1e8 });
    const [tarball] = await readdir(target);
    return [name, `file:${join(target, tarball as string)}`] as const;
  });
  return {
    all: Object.fromEntries(await Promise.all(packed)),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Only pnpm knows the workspace protocol; under pnpm, `npm_execpath` is pnpm itself. */
function pnpm(): readonly [string, ...string[]] {
  const path = process.env["npm_execpath"];
  return path?.includes("pnpm") === true ? [process.execPath, path] : ["pnpm"];
}
