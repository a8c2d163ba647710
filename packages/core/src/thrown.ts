/** The message of whatever was thrown; a foreign error may be anything, and may even throw when it is looked at. */
export function messageOf(error: unknown): string {
  try {
    const message: unknown = (error as { message?: unknown } | null | undefined)?.message;
    return typeof message === "string" ? message : "something was thrown that is no error";
  } catch {
    return "something was thrown that cannot be read";
  }
}
