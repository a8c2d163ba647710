import { program } from "@mcp-authz/tooling";
import { defineConfig } from "tsup";

export default defineConfig({ ...program, entry: ["src/main.ts"] });
