import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { library } from "@mcp-authz/tooling";
import { defineConfig, type Options } from "tsup";

/** `import text from "./file?raw"`, as the test runner has it built in. */
const raw: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "raw",
  setup: (build) => {
    build.onResolve({ filter: /\?raw$/ }, ({ path, importer }) => ({
      // With its ending, so that nothing else takes it for a style sheet of the bundle.
      path: resolve(dirname(importer), path),
      namespace: "raw",
    }));
    build.onLoad({ filter: /.*/, namespace: "raw" }, async ({ path }) => ({
      contents: await readFile(path.slice(0, -"?raw".length), "utf8"),
      loader: "text",
    }));
  },
};

export default defineConfig({ ...library, entry: ["src/index.ts"], esbuildPlugins: [raw] });
