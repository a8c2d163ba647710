import { defineConfig } from "vitest/config";

// These tests start whole programs, and one after the other: two of them would want the same ports.
export default defineConfig({ test: { testTimeout: 60_000, hookTimeout: 30_000, fileParallelism: false } });
