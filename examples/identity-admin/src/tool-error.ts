/** What went wrong, in words that the caller may read. Everything else that is thrown is our own fault, and stays in the log. */
export class ToolError extends Error {
  override readonly name: string = "ToolError";
}
