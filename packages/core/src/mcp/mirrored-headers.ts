import { type HeaderLines, headerValues } from "../facts.js";
import { declaredVersion, modernVersions } from "./era.js";
import type { Message } from "./message.js";

/** Which parameter `Mcp-Name` repeats (MCP 2026-07-28 Streamable HTTP, Standard Request Headers; SEP-2663 for tasks). */
const nameSource: ReadonlyMap<string, string> = new Map([
  ["tools/call", "name"],
  ["prompts/get", "name"],
  ["resources/read", "uri"],
  ["tasks/get", "taskId"],
  ["tasks/update", "taskId"],
  ["tasks/cancel", "taskId"],
]);

/**
 * Compares the headers that repeat parts of a modern message with the message, and names the first that differs.
 * It protects whoever trusts those headers on the way; our own policy reads the body alone (SEP-2243 Security).
 */
export function mismatchedHeader(message: Message, headers: HeaderLines): string | undefined {
  if (message.kind === "response") return undefined;
  const version = declaredVersion(message.params);
  if (version === undefined) return undefined;
  const required = message.kind === "request";
  if (differs(headers, "mcp-protocol-version", version, required)) return "MCP-Protocol-Version";
  // A version that we do not know has rules that we do not know; the server refuses it by name.
  if (!modernVersions.has(version as string)) return undefined;
  if (differs(headers, "mcp-method", message.method, required)) return "Mcp-Method";
  const source = nameSource.get(message.method);
  const name = source === undefined || message.params === undefined ? undefined : message.params[source];
  if (typeof name === "string" && differs(headers, "mcp-name", name, required)) return "Mcp-Name";
  return undefined;
}

/** Notifications may leave these headers out; what they do send must be true. */
function differs(headers: HeaderLines, name: string, expected: unknown, required: boolean): boolean {
  const values = headerValues(headers, name);
  const [value] = values;
  if (value === undefined) return required;
  return values.length > 1 || decodedValue(value) !== expected;
}

/** `=?base64?…?=` with case-sensitive markers, strict alphabet and padding; undefined when it is not (Value Encoding). */
function decodedValue(value: string): string | undefined {
  if (!value.startsWith("=?base64?") || !value.endsWith("?=")) return value;
  const encoded = value.slice("=?base64?".length, -"?=".length);
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(encoded)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0)),
    );
  } catch {
    return undefined;
  }
}
