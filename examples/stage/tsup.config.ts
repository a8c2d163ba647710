import { library } from "@mcp-authz/tooling";
import { defineConfig } from "tsup";

export default defineConfig({ ...library, format: ["esm"], entry: ["src/index.ts"] });
