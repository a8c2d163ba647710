import { ManagementError } from "./management/management-error.js";
import { ToolError } from "./tool-error.js";

/** Tells the caller how far an operation is. */
export type Report = (progress: number, total: number, message: string) => Promise<void>;

/**
 * Does one step. `undo` takes it back when a later one fails; it gets what the step returned, or `undefined` when the step
 * itself failed in a way that leaves open whether it was done, because its answer was lost.
 */
export type Step = <T>(
  name: string,
  act: () => Promise<T>,
  undo?: (done: T | undefined) => Promise<unknown>,
) => Promise<T>;

export interface OperationOptions {
  readonly report: Report;
  readonly signal: AbortSignal;
  /** How many steps there will be. */
  readonly total: number;
}

interface Undoing {
  readonly name: string;
  readonly undo: () => Promise<unknown>;
}

/**
 * Several steps that are all done in the end, or none. When one fails, or the caller cancels between two of them, those
 * before it are taken back in reverse order.
 *
 * @throws {ToolError} with what failed, and with what could not be taken back, if anything
 */
export async function runOperation<T>(
  { report, signal, total }: OperationOptions,
  work: (step: Step) => Promise<T>,
): Promise<T> {
  const undoings: Undoing[] = [];
  let current = "";
  let done = 0;
  const step: Step = async (name, act, undo) => {
    if (signal.aborted) throw new ToolError("Cancelled");
    current = name;
    await report(done, total, name);
    try {
      const result = await act();
      if (undo) undoings.push({ name, undo: () => undo(result) });
      done += 1;
      return result;
    } catch (error) {
      if (undo && error instanceof ManagementError && error.uncertain)
        undoings.push({ name, undo: () => undo(undefined) });
      throw error;
    }
  };
  try {
    const result = await work(step);
    await report(total, total, "Done");
    return result;
  } catch (error) {
    const left = await undoAll(undoings);
    if (!(error instanceof ToolError) && left.length === 0) throw error;
    const reason = error instanceof ToolError ? error.message : "Something went wrong on our side.";
    throw new ToolError(wording(current, reason, left), { cause: error });
  }
}

/** Goes on when one cannot be undone, and returns the names of those. */
async function undoAll(undoings: readonly Undoing[]): Promise<readonly string[]> {
  const left: string[] = [];
  for (const { name, undo } of undoings.toReversed()) {
    try {
      await undo();
    } catch {
      left.push(name);
    }
  }
  return left;
}

function wording(step: string, reason: string, left: readonly string[]): string {
  const rest =
    left.length === 0
      ? "Nothing was left behind."
      : `These steps could not be taken back, look after them: ${left.join("; ")}.`;
  return `${step}: ${reason} ${rest}`;
}
