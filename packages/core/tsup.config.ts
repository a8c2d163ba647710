import { library } from "@mcp-authz/tooling";
import { defineConfig } from "tsup";

export default defineConfig({
  ...library,
  entry: {
    index: "src/index.ts",
    fetch: "src/bindings/fetch.ts",
    node: "src/bindings/node.ts",
    sinks: "src/sinks.ts",
    state: "src/state.ts",
    dpop: "src/dpop.ts",
  },
});
