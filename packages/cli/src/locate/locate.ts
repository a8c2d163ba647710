import type { UrlCandidate } from "./candidate.js";
import { urlsInEnvironmentFiles } from "./environment-files.js";
import { urlsInHostFiles } from "./host-files.js";
import { urlsOfLocalServers } from "./local-server.js";
import { urlsInSource } from "./source-files.js";

/**
 * The URLs that may be the server of the project in `folder`, best first: `.env*` files, the source, what AI
 * hosts were told, a server that runs on one of the usual local ports. Each URL is named once.
 */
export async function locateServer(
  folder: string,
  ports?: readonly number[],
): Promise<readonly UrlCandidate[]> {
  const all = [
    ...(await urlsInEnvironmentFiles(folder)),
    ...(await urlsInSource(folder)),
    ...(await urlsInHostFiles(folder)),
    ...(await urlsOfLocalServers(ports)),
  ];
  return all.filter(({ url }, index) => all.findIndex((candidate) => candidate.url === url) === index);
}
