import type { ReasonCode } from "./answers.js";
import type { AuthInfo } from "./auth-info.js";
import { type Facts, headerValues, singleHeader } from "./facts.js";
import type { Limits } from "./options.js";

/** How much of a body to read, and for how long. */
export interface Reading {
  /** More than that are too many. */
  readonly bytes: number;
  /** Milliseconds. */
  readonly timeout: number;
  /** As many bytes are announced, all in one (RFC 9112 §6.2); undefined when that is not known. */
  readonly announced?: number | undefined;
}

export function readingOf({ headers }: Facts, { body, bodyTimeout }: Limits): Reading {
  const length = singleHeader(headers, "content-length");
  const whole =
    length !== undefined && /^\d+$/.test(length) && headerValues(headers, "transfer-encoding").length === 0;
  return { bytes: body, timeout: bodyTimeout, announced: whole ? Number(length) : undefined };
}

/** What is wrong with a request before its body is looked at (MCP Streamable HTTP, every version). */
export function transportFault(
  facts: Facts,
  auth: AuthInfo | undefined,
  limits: Limits,
): ReasonCode | undefined {
  switch (facts.method) {
    case "POST":
      return bodyFault(facts, limits);
    case "GET":
    case "DELETE":
      // A stream or a session belongs to somebody; a caller without a token has neither, and 405 says "no stream here".
      return auth === undefined ? "http_method_not_allowed" : undefined;
    default:
      return "http_method_not_allowed";
  }
}

function bodyFault(facts: Facts, limits: Limits): ReasonCode | undefined {
  const types = headerValues(facts.headers, "content-type");
  if (types.length !== 1 || !isJson(types[0] as string)) return "content_type";
  const encodings = headerValues(facts.headers, "content-encoding");
  if (encodings.some((encoding) => encoding.toLowerCase() !== "identity")) return "content_encoding";
  const lengths = headerValues(facts.headers, "content-length");
  return lengths.some((length) => Number(length) > limits.body) ? "body_too_large" : undefined;
}

/** `application/json`, in UTF-8 or with no charset named (RFC 8259 §8.1). */
function isJson(value: string): boolean {
  if (value === "application/json") return true;
  const [type, ...parameters] = value.split(";").map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => /^charset\s*=/.test(parameter));
  return type === "application/json" && (charset === undefined || /^charset\s*=\s*"?utf-?8"?$/.test(charset));
}
