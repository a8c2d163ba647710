import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { major, satisfies, sort } from "semver";
import { published } from "./published.js";

const run = promisify(execFile);

/** One of our packages beside a version at either end of what it says it works with. */
export interface Edge {
  /** Ours. */
  readonly name: string;
  readonly peer: string;
  readonly version: string;
}

/** For each peer range of ours: the lowest and the highest version of each major that it admits. */
export async function edges(): Promise<Edge[]> {
  const ranges = (await published()).flatMap(({ manifest: { name, peerDependencies = {} } }) =>
    Object.entries(peerDependencies).map(([peer, range]) => ({ name, peer, range })),
  );
  const found = ranges.map(async ({ name, peer, range }) => {
    const admitted = (await released(peer)).filter((version) => satisfies(version, range));
    if (admitted.length === 0) throw new Error(`${name}: no version of ${peer} is within ${range}`);
    return endsOfMajors(admitted).map((version) => ({ name, peer, version }));
  });
  return (await Promise.all(found)).flat();
}

function endsOfMajors(versions: readonly string[]): string[] {
  const sorted = sort([...versions]);
  return sorted.filter((version, index) => {
    const isAtTheEdge = (neighbour = "0.0.0") => major(neighbour) !== major(version);
    return isAtTheEdge(sorted[index - 1]) || isAtTheEdge(sorted[index + 1]);
  });
}

async function released(peer: string): Promise<string[]> {
  const { stdout } = await run("npm", ["view", peer, "versions", "--json"], { maxBuffer: 1e8 });
  return [JSON.parse(stdout)].flat();
}
