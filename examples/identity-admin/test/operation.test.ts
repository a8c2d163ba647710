import { describe, expect, test } from "vitest";
import { ManagementError } from "../src/management/management-error.js";
import { type OperationOptions, runOperation } from "../src/operation.js";
import { ToolError } from "../src/tool-error.js";

/** An operation's options, and what happened to it. */
function watched(controller = new AbortController()): OperationOptions & { readonly happened: string[] } {
  const happened: string[] = [];
  const report = async (progress: number, total: number, message: string) =>
    void happened.push(`${progress}/${total} ${message}`);
  return { happened, report, signal: controller.signal, total: 3 };
}

describe("an operation", () => {
  test("takes its steps back in reverse order, and goes on when one cannot be taken back", async () => {
    const options = watched();
    const undone = (name: string) => async () => void options.happened.push(`undo ${name}`);
    const operation = runOperation(options, async (step) => {
      await step("One", async () => {}, undone("One"));
      await step(
        "Two",
        async () => {},
        async () => Promise.reject(new Error("no")),
      );
      await step("Three", async () => {
        throw new ToolError("It is full.");
      });
    });
    await expect(operation).rejects.toThrow(
      "Three: It is full. These steps could not be taken back, look after them: Two.",
    );
    expect(options.happened).toEqual(["0/3 One", "1/3 Two", "2/3 Three", "undo One"]);
  });

  test("takes a step back that may have been done, and leaves one alone that was refused", async () => {
    for (const [code, undone] of [
      [14, [undefined]],
      [6, []],
    ] as const) {
      const seen: unknown[] = [];
      const operation = runOperation(watched(), (step) =>
        step(
          "Create",
          async () => {
            throw new ManagementError(code, "no");
          },
          async (done) => seen.push(done),
        ),
      );
      await expect(operation).rejects.toThrow(ToolError);
      expect(seen).toEqual(undone);
    }
  });

  test("that the caller cancels stops before its next step, and takes back what was done", async () => {
    const controller = new AbortController();
    const options = watched(controller);
    const operation = runOperation(options, async (step) => {
      await step(
        "One",
        async () => controller.abort(),
        async () => options.happened.push("undo One"),
      );
      await step("Two", async () => options.happened.push("did Two"));
    });
    await expect(operation).rejects.toThrow("Cancelled");
    expect(options.happened).toEqual(["0/3 One", "undo One"]);
  });

  test("that fails by our own fault keeps its error", async () => {
    const operation = runOperation(watched(), (step) =>
      step("One", async () => {
        throw new RangeError("ours");
      }),
    );
    await expect(operation).rejects.toThrow(RangeError);
  });
});
