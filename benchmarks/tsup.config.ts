import { program } from "@mcp-authz/tooling";
import { defineConfig } from "tsup";

export default defineConfig({
  ...program,
  entry: {
    bench: "src/bench.ts",
    server: "src/server.ts",
    load: "src/load.ts",
    library: "src/library-process.ts",
    policy: "src/policy-process.ts",
    lists: "src/lists-process.ts",
    memory: "src/memory-process.ts",
    fetches: "src/fetches-process.ts",
  },
});
