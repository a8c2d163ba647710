import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";

export interface Bundle {
  /** Bytes, minified and gzipped. */
  readonly gzipped: number;
  readonly metafile: Metafile;
}

const folder = fileURLToPath(new URL("..", import.meta.url));

/**
 * Bundles what one line of code needs, without the packages named `external` and all below them.
 * @param code such as `export { createGate } from "@mcp-authz/core"`
 */
export async function bundle(code: string, external: readonly string[], from = folder): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: from },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    // What runs on Node takes Node's own modules from it.
    platform: "node",
    external: external.flatMap((name) => [name, `${name}/*`]),
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  return {
    gzipped: gzipSync((outputFiles[0] as { contents: Uint8Array }).contents, { level: 9 }).length,
    metafile,
  };
}

/** Kilobytes (1024 bytes), as budgets are written. */
export function kilobytes({ gzipped }: Pick<Bundle, "gzipped">): number {
  return gzipped / 1024;
}
