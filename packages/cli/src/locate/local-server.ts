import { looselyParsed } from "../challenge/loose.js";
import { readProtectedResource } from "../discovery/protected-resource.js";
import { header } from "../net/answer.js";
import { Fetcher } from "../net/fetcher.js";
import { FetchPolicy } from "../net/policy.js";
import type { UrlCandidate } from "./candidate.js";

/** Ports on which MCP servers are usually developed. */
export const usualPorts: readonly number[] = [
  3000, 3001, 3002, 3333, 4000, 5000, 6277, 8000, 8080, 8787, 9000,
];

/** Asks the usual local ports for an MCP server: its metadata, or a 401 with a Bearer challenge at /mcp. */
export async function urlsOfLocalServers(
  ports: readonly number[] = usualPorts,
): Promise<readonly UrlCandidate[]> {
  const found = await Promise.all(ports.map(ask));
  return found.filter((candidate) => candidate !== undefined);
}

async function ask(port: number): Promise<UrlCandidate | undefined> {
  const origin = `http://127.0.0.1:${port}`;
  const limits = { timeout: 1000, bytes: 64 * 1024, redirects: 0 };
  const fetcher = new Fetcher(new FetchPolicy(new URL(origin), false), limits, AbortSignal.timeout(3000));
  const where = `a server running on port ${port}`;
  const metadata = await fetcher.fetch({ url: `${origin}/.well-known/oauth-protected-resource` });
  const resource = metadata.kind === "answer" ? readProtectedResource(metadata)?.resource : undefined;
  if (resource !== undefined && URL.canParse(resource)) {
    // The server may publish another name; what runs here is reached here.
    return { url: `${origin}${new URL(resource).pathname}`, where };
  }
  for (const path of ["/mcp", "/"]) {
    const outcome = await fetcher.fetch({ url: `${origin}${path}` });
    if (outcome.kind === "failure") return undefined;
    const challenge = looselyParsed(header(outcome, "www-authenticate"));
    if (outcome.status === 401 && challenge !== undefined) return { url: `${origin}${path}`, where };
  }
  return undefined;
}
