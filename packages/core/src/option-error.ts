/**
 * A configuration that cannot work. Thrown while the server starts, never while it serves.
 *
 * The message is a whole sentence: which option, what was received, what to write instead.
 * Recognise it by `code`, which survives two copies of this package (ESM beside CommonJS).
 */
export class OptionError extends TypeError {
  override readonly name = "OptionError";
  readonly code = "ERR_MCP_AUTHZ_OPTION";
  /** The option's path, for example `policy.tools.delete_todo`. */
  readonly option: string;
  /** What to write instead. */
  readonly instead: string;

  constructor(option: string, received: unknown, instead: string) {
    super(`Option "${option}" is ${show(received)}: ${instead}`);
    this.option = option;
    this.instead = instead;
  }
}

function show(value: unknown): string {
  if (value === undefined) return "not set";
  if (typeof value === "string")
    return JSON.stringify(value.length > 120 ? `${value.slice(0, 120)}…` : value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value))
    return `[${value.slice(0, 5).map(show).join(", ")}${value.length > 5 ? ", …" : ""}]`;
  // The values inside an object may be secrets.
  if (typeof value === "object" && value !== null)
    return `an object with ${Object.keys(value).slice(0, 10).join(", ") || "nothing in it"}`;
  return String(value);
}

/**
 * A list of strings, or nothing.
 * @throws {OptionError} for anything else
 */
export function stringsOf(
  option: string,
  list: readonly string[] | undefined,
): readonly string[] | undefined {
  if (list !== undefined && !(Array.isArray(list) && list.every((item) => typeof item === "string")))
    throw new OptionError(option, list, "write a list of strings.");
  return list;
}
