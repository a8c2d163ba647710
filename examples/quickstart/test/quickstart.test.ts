import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { commandLineOf } from "../src/command-line.js";
import { frameworks } from "../src/todo-server.js";

const program = fileURLToPath(new URL("../dist/quickstart.js", import.meta.url));

function quickstart(...parameters: string[]): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...parameters], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, said: stdout + stderr });
    });
  });
}

test.each(frameworks)("the story passes on %s, with both clients", async (framework) => {
  const { code, said } = await quickstart("--once", "--framework", framework);
  expect(said).toContain(`(on ${framework})`);
  // Sixteen steps and five scenes, with each client.
  expect(said.match(/^✔ /gm)).toHaveLength(42);
  expect(said).toContain("Each step was as it must be.");
  expect(code).toBe(0);
});

test("no token, code or verifier is printed whole, and without a terminal there is no colour", async () => {
  const { said } = await quickstart("--once");
  expect(said).not.toMatch(/eyJ[\w-]{20}/);
  expect(said).not.toMatch(/code(_verifier)?: [\w~.-]{20}/);
  expect(said).not.toContain("\u001b[");
});

test("a framework that there is not is refused with those that there are", async () => {
  expect(await quickstart("--framework", "rails")).toEqual({
    code: 1,
    said: '\nThere is no todo server on "rails": choose one of express, fastify, hono, koa.\n',
  });
});

test("it stays up on Express unless told otherwise", () => {
  expect(commandLineOf([])).toEqual({ once: false, framework: "express" });
  expect(commandLineOf(["--once", "--framework", "koa"])).toEqual({ once: true, framework: "koa" });
  expect(commandLineOf(["--help"])).toBe("help");
});
