import { ScalekitServerException } from "@scalekit-sdk/node";
import { ToolError } from "../tool-error.js";

/** gRPC status codes with which the API says that nothing was done: 3 invalid, 5 not found, 6 exists, 8 too much, 9 not now, 12 unknown. */
const refusals: ReadonlySet<number> = new Set([3, 5, 6, 8, 9, 12]);

/** The API did not do what it was asked, or it is not known whether it did. */
export class ManagementError extends ToolError {
  override readonly name = "ManagementError";
  /** gRPC status code; undefined when there was no answer. */
  readonly code: number | undefined;

  constructor(code: number | undefined, message: string, options?: ErrorOptions) {
    super(
      code !== undefined && refusals.has(code)
        ? message
        : "The environment did not answer as it should. Try again later.",
      options,
    );
    this.code = code;
  }

  /** Whether it may have been done all the same. */
  get uncertain(): boolean {
    return this.code === undefined || !refusals.has(this.code);
  }
}

/** The SDK's exceptions, as the one kind that tools know. */
export function managementErrorOf(error: unknown): unknown {
  if (error instanceof ManagementError) return error;
  if (error instanceof ScalekitServerException)
    // gRPC puts the status before the message: "[not_found] …".
    return new ManagementError(error.grpcStatus, error.message.replace(/^\[\w+\] /, ""), { cause: error });
  return new ManagementError(undefined, "", { cause: error });
}
