import { library, program } from "@mcp-authz/tooling";
import { defineConfig } from "tsup";

// One output folder for both, so neither may clean it after the other has written.
export default defineConfig([
  { ...library, clean: false, entry: ["src/index.ts"] },
  { ...program, clean: false, entry: ["src/cli.ts"] },
]);
