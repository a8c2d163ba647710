/** The exit code of a wrong call or of a server that cannot be reached. */
export const usageError = 2;

/** A mistake of the caller's, to be printed without a stack. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
