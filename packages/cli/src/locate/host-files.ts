import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { objectOf, stringOf } from "../net/answer.js";
import { type UrlCandidate, usableUrl } from "./candidate.js";

/** Where hosts keep a project's MCP servers, and under which member. */
const files = [
  [".mcp.json", "mcpServers"],
  [".cursor/mcp.json", "mcpServers"],
  [".vscode/mcp.json", "servers"],
] as const;

/** URLs of servers that this project has told its AI hosts about. */
export async function urlsInHostFiles(folder: string): Promise<readonly UrlCandidate[]> {
  const found: UrlCandidate[] = [];
  for (const [file, member] of files) {
    const text = await readFile(join(folder, file), "utf8").catch(() => "{}");
    for (const [name, server] of Object.entries(objectOf(parse(text)?.[member]) ?? {})) {
      const url = usableUrl(stringOf(objectOf(server)?.url) ?? "");
      if (url !== undefined) found.push({ url, where: `${file} (${name})` });
    }
  }
  return found;
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}
