import { defineConfig } from "vitest/config";

// The pages' style sheet is served by the server under test; the test runner would leave it empty.
export default defineConfig({ test: { css: true, testTimeout: 30_000, hookTimeout: 30_000 } });
