import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A project of somebody else's, with our packages installed from their tarballs. */
export interface EmptyProject {
  readonly folder: string;
  write(path: string, text: string): Promise<void>;
  /** Runs a program in the project; rejects with its output when it fails. */
  run(program: string, args: readonly string[], env?: Record<string, string>): Promise<string>;
  remove(): Promise<void>;
}

type Dependencies = Readonly<Record<string, string>>;

/**
 * @param ours tarballs of our packages
 * @param others what is installed beside them
 */
export async function emptyProject(ours: Dependencies, others: Dependencies): Promise<EmptyProject> {
  const folder = await mkdtemp(join(tmpdir(), "mcp-authz-stranger-"));
  const project: EmptyProject = {
    folder,
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
  await project.write(
    "package.json",
    JSON.stringify({
      name: "stranger",
      private: true,
      type: "module",
      dependencies: { ...others, ...ours },
      // Our packages depend on each other by version; none of these versions is published yet.
      overrides: Object.fromEntries(Object.keys(ours).map((name) => [name, `$${name}`])),
    }),
  );
  await project.run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"]);
  return project;
}
