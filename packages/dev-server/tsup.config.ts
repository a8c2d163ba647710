import { library } from "@mcp-authz/tooling";
import { defineConfig } from "tsup";

export default defineConfig({ ...library, entry: ["src/index.ts"] });
