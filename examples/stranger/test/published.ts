import { readdir, readFile } from "node:fs/promises";

export const packages = new URL("../../../packages/", import.meta.url);

export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly repository?: { readonly url: string; readonly directory: string };
  readonly engines?: { readonly node: string };
  readonly publishConfig?: Readonly<Record<string, unknown>>;
  readonly sideEffects?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The packages of this repository that people can install. */
export async function published(): Promise<{ readonly home: URL; readonly manifest: Manifest }[]> {
  const homes = (await readdir(packages)).map((directory) => new URL(`${directory}/`, packages));
  const found = await Promise.all(
    homes.map(async (home) => ({ home, manifest: await manifestOf(new URL("package.json", home)) })),
  );
  return found.filter(({ manifest }) => manifest.private !== true);
}

export async function manifestOf(path: URL | string): Promise<Manifest> {
  return JSON.parse(await readFile(path, "utf8")) as Manifest;
}
