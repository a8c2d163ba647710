import { defineConfig } from "vitest/config";

// These tests start servers, and some of them whole programs.
export default defineConfig({ test: { testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false } });
