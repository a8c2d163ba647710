import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type UrlCandidate, usableUrl } from "./candidate.js";

/** Names under which projects keep their server's public URL, most telling first. */
const names = [
  "MCP_URL",
  "MCP_SERVER_URL",
  "RESOURCE_ID",
  "RESOURCE",
  "RESOURCE_URL",
  "SERVER_URL",
  "PUBLIC_URL",
  "BASE_URL",
];

/** Reads `.env*` files of a folder; examples (`.env.example`) come last. */
export async function urlsInEnvironmentFiles(folder: string): Promise<readonly UrlCandidate[]> {
  const files = (await readdir(folder).catch((): string[] => [])).filter((file) =>
    /^\.env(?:\.|$)/.test(file),
  );
  files.sort(
    (a, b) => Number(/example|sample/.test(a)) - Number(/example|sample/.test(b)) || a.localeCompare(b),
  );
  const found: (UrlCandidate & { readonly rank: number })[] = [];
  for (const file of files) {
    const lines = (await readFile(join(folder, file), "utf8").catch(() => "")).split(/\r?\n/);
    for (const [index, line] of lines.entries()) {
      const [, name = "", value = ""] = /^\s*(?:export\s+)?(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      const rank = names.findIndex((known) => name === known || name.endsWith(`_${known}`));
      const url = rank === -1 ? undefined : usableUrl(value);
      if (url !== undefined) found.push({ url, where: `${file}:${index + 1} (${name})`, rank });
    }
  }
  return found.toSorted((a, b) => a.rank - b.rank).map(({ url, where }) => ({ url, where }));
}
