import { createInterface } from "node:readline/promises";
import type { UrlCandidate } from "../locate/candidate.js";
import { locateServer } from "../locate/locate.js";
import { printable } from "../net/printable.js";
import { UsageError } from "./exit.js";

const question = "What is your MCP server's URL (e.g. https://mcp.yourapp.com/mcp)? ";

/** The URL to examine when none was given; asks only when nothing was found and somebody is there to answer. */
export async function findUrl(folder: string): Promise<UrlCandidate> {
  const [first, ...others] = await locateServer(folder);
  if (first !== undefined) {
    const rest = others.map(({ url, where }) => `  also ${printable(url)} in ${printable(where)}\n`).join("");
    process.stderr.write(`examining ${printable(first.url)}, found in ${printable(first.where)}\n${rest}`);
    return first;
  }
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) {
    throw new UsageError(
      "no URL was given, and none was found in .env*, the source, host settings or on a local port; write: mcp-authz verify <url>",
    );
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return { url: (await prompt.question(question)).trim(), where: "your answer" };
  } finally {
    prompt.close();
  }
}
