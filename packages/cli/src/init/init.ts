import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sourceFiles } from "../locate/source-files.js";
import { environmentLines, withMissing } from "./environment.js";
import { type Framework, installCommand, packagesFor, projectOf } from "./framework.js";
import { authorizationSource, mountLine, toolNamesIn } from "./source.js";

export interface InitOptions {
  /** The project. */
  readonly folder: string;
  /** The MCP endpoint on this machine. Default `http://localhost:3000/mcp`. */
  readonly url?: string;
  /** Default: what package.json depends on. */
  readonly framework?: Framework;
}

export interface Initialized {
  readonly framework: Framework;
  /** Files that were written or added to, relative to the folder. */
  readonly written: readonly string[];
  /** What is left to do by hand, in order. */
  readonly next: readonly string[];
}

/**
 * Writes the authorization of a project: one source file, and what is missing in `.env` and `.gitignore`.
 * A source file that is there already is left as it is.
 */
export async function init(options: InitOptions): Promise<Initialized> {
  const { folder, url = "http://localhost:3000/mcp" } = options;
  const files = await readdir(folder).catch((): string[] => []);
  const project = projectOf(
    JSON.parse(await readFile(join(folder, "package.json"), "utf8").catch(() => "{}")),
  );
  const framework = options.framework ?? project.framework;
  const source = `${files.includes("src") ? "src/" : ""}authorization.${project.typescript ? "ts" : "mjs"}`;
  const text = authorizationSource(framework, await toolNames(folder));
  const steps = [
    await create(
      folder,
      source,
      project.typescript ? text.replace("process.env.MCP_URL", 'process.env.MCP_URL ?? ""') : text,
    ),
    await append(folder, ".env", (old) => withMissing(old, environmentLines(url))),
    await append(folder, ".gitignore", (old) =>
      /^\.env$/m.test(old) ? old : `${old}${old === "" || old.endsWith("\n") ? "" : "\n"}.env\n`,
    ),
  ];
  return {
    framework,
    written: steps.filter((file) => file !== undefined),
    next: [
      installCommand(files, packagesFor(framework)),
      `fill in .env (Scalekit dashboard, MCP servers), or start a local authorization server: npx mcp-authz dev --url ${url}`,
      `in your app, before the MCP route: ${mountLine(framework)}   // from ./${source.replace(/^src\//, "").replace(/\.ts$/, ".js")}`,
      `npx mcp-authz verify ${url}`,
    ],
  };
}

async function toolNames(folder: string): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const file of await sourceFiles(folder)) {
    if (!/\.[cm]?[jt]sx?$/.test(file)) continue;
    for (const name of toolNamesIn(await readFile(file, "utf8").catch(() => ""))) names.add(name);
  }
  return [...names];
}

async function create(folder: string, file: string, text: string): Promise<string | undefined> {
  try {
    await writeFile(join(folder, file), text, { flag: "wx" });
    return file;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return undefined;
    throw error;
  }
}

async function append(
  folder: string,
  file: string,
  change: (old: string) => string,
): Promise<string | undefined> {
  const old = await readFile(join(folder, file), "utf8").catch(() => "");
  const text = change(old);
  if (text === old) return undefined;
  await writeFile(join(folder, file), text);
  return file;
}
