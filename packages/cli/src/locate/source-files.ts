import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { type UrlCandidate, usableUrl } from "./candidate.js";

const extensions = /\.(?:[cm]?[jt]sx?|py|rb|go|json|ya?ml|toml)$/;
const skippedFolders = /^(?:node_modules|dist|build|out|coverage|vendor|venv|__pycache__|tests?|\..*)$/;
/** Enough for a server's own source; a whole monorepo is not read. */
const maximum = { files: 500, bytes: 256 * 1024, depth: 5 };

/** A resource in a metadata document or an option, in any language's way to write a key and a string. */
const assignment =
  /["'`]?\b(RESOURCE_ID|RESOURCE_URL|MCP_URL|SERVER_URL|PUBLIC_URL|resource)\b["'`]?\s*(?:[:=]|\?\?|\|\|)\s*(["'`])(https?:\/\/[^"'`\s]+)\2/g;

/** Looks through a project's source for the resource that it names. */
export async function urlsInSource(folder: string): Promise<readonly UrlCandidate[]> {
  const found: UrlCandidate[] = [];
  for (const file of await sourceFiles(folder)) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (text.length > maximum.bytes) continue;
    for (const match of text.matchAll(assignment)) {
      const url = usableUrl(match[3] ?? "");
      if (url === undefined) continue;
      const line = text.slice(0, match.index).split("\n").length;
      found.push({ url, where: `${relative(folder, file)}:${line} (${match[1]})` });
    }
  }
  return found;
}

/** Files that may hold source, without dependencies, build output and tests. */
export async function sourceFiles(root: string): Promise<readonly string[]> {
  const files: string[] = [];
  const walk = async (folder: string, depth: number): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      if (files.length >= maximum.files) return;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && depth < maximum.depth && !skippedFolders.test(entry.name))
        await walk(path, depth + 1);
      else if (entry.isFile() && extensions.test(entry.name) && entry.name !== "package-lock.json")
        files.push(path);
    }
  };
  await walk(root, 0);
  return files;
}
