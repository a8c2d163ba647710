import type { Context, Faults } from "../context.js";
import { ApiError } from "./api.js";

/** Makes calls of one method of the API fail with an internal error. */
export interface ManagementFault {
  /** For example `UpdateResource`. */
  readonly method: string;
  /** How many calls fail. Default 1. */
  readonly times?: number;
  /** The method does its work, and only the answer is lost: what a connection that breaks looks like. Default false. */
  readonly applied?: boolean;
}

/** Runs a method of the API, or fails instead, or afterwards, where that was asked for. */
export async function orFail<T>(
  { faults }: Pick<Context, "faults">,
  name: string,
  run: () => Promise<T>,
): Promise<T> {
  const fault = take(faults, name.slice(name.indexOf("/") + 1));
  if (fault && !fault.applied) throw failure(fault);
  const result = await run();
  if (fault) throw failure(fault);
  return result;
}

function take(faults: Faults, method: string): ManagementFault | undefined {
  const fault = faults.management;
  if (fault?.method !== method) return undefined;
  const times = (fault.times ?? 1) - 1;
  faults.management = times > 0 ? { ...fault, times } : undefined;
  return fault;
}

function failure({ method }: ManagementFault): ApiError {
  return new ApiError("internal", `${method} fails, as setManagementFault asks for`);
}
