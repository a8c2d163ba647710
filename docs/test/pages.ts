import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const repository: string = fileURLToPath(new URL("../../", import.meta.url));

export interface Page {
  /** Path in the repository. */
  readonly path: string;
  /** The path as a directory name. */
  readonly slug: string;
  readonly text: string;
}

/** The guides, and what npm and GitHub show first of each package and of the repository. */
export function pages(): Page[] {
  const guides = readdirSync(`${repository}docs`).filter((name) => name.endsWith(".md"));
  const packages = readdirSync(`${repository}packages`).map((name) => `packages/${name}/README.md`);
  return ["README.md", ...guides.map((name) => `docs/${name}`), ...packages]
    .filter((path) => existsSync(`${repository}${path}`))
    .map((path) => ({
      path,
      slug: path.replace(/\.md$/, "").replaceAll("/", "-").toLowerCase(),
      text: readFileSync(`${repository}${path}`, "utf8"),
    }));
}
