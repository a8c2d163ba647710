import { objectOf } from "../net/answer.js";

/** What mcp-authz has a binding for, and `node` for everything that speaks node:http. */
export type Framework = "express" | "fastify" | "hono" | "koa" | "node";

export interface Project {
  readonly framework: Framework;
  readonly typescript: boolean;
}

const known: readonly Framework[] = ["fastify", "hono", "koa", "express"];

/** Reads the framework out of a parsed package.json; a project that has several uses the first of the list. */
export function projectOf(manifest: unknown): Project {
  const { dependencies, devDependencies } = objectOf(manifest) ?? {};
  const names = new Set([
    ...Object.keys(objectOf(dependencies) ?? {}),
    ...Object.keys(objectOf(devDependencies) ?? {}),
  ]);
  return {
    framework: known.find((name) => names.has(name)) ?? "node",
    typescript: names.has("typescript") || names.has("tsx"),
  };
}

/** The packages that the written file imports. */
export function packagesFor(framework: Framework): readonly string[] {
  return [framework === "node" ? "@mcp-authz/core" : `@mcp-authz/${framework}`, "@mcp-authz/scalekit"];
}

/** How the project installs packages, by its lock file. */
export function installCommand(files: readonly string[], packages: readonly string[]): string {
  const verb = files.includes("pnpm-lock.yaml")
    ? "pnpm add"
    : files.includes("yarn.lock")
      ? "yarn add"
      : files.some((file) => /^bun\.lockb?$/.test(file))
        ? "bun add"
        : "npm install";
  return `${verb} ${packages.join(" ")}`;
}
