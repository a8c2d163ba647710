import { declaredVersion, type Era, isObject, legacyVersions } from "./era.js";

/** A JSON-RPC 2.0 message as a client may send it to an MCP server. */
export type Message =
  | {
      readonly kind: "request";
      readonly id: string | number;
      readonly method: string;
      readonly params: Params;
      readonly era: Era;
    }
  | { readonly kind: "notification"; readonly method: string; readonly params: Params; readonly era: Era }
  | { readonly kind: "response"; readonly era: "legacy" };

export type Params = Readonly<Record<string, unknown>> | undefined;

export type MessageFault = {
  readonly kind: "fault";
  readonly reason: "message_invalid" | "params_invalid" | "body_unparseable";
  readonly id?: string | number;
};

const longestId = 1024;
const deepestBody = 200;

/** Reads one message. What cannot be read for certain is refused: a guard that guesses can be led past. */
export function messageOf(value: unknown): Message | MessageFault {
  if (!isObject(value)) return { kind: "fault", reason: "message_invalid" };
  const id = idOf(value);
  const fault = (reason: MessageFault["reason"]): MessageFault => ({
    kind: "fault",
    reason,
    ...(id === undefined ? {} : { id }),
  });
  const hasId = Object.hasOwn(value, "id");
  if (own(value, "jsonrpc") !== "2.0" || (hasId && id === undefined)) return fault("message_invalid");

  if (!Object.hasOwn(value, "method")) {
    const answers = Object.hasOwn(value, "result") !== Object.hasOwn(value, "error");
    return hasId && answers ? { kind: "response", era: "legacy" } : fault("message_invalid");
  }
  const method = own(value, "method");
  if (typeof method !== "string" || method === "") return fault("message_invalid");
  const params = own(value, "params");
  if (params !== undefined && !isObject(params)) return fault("params_invalid");
  const version = declaredVersion(params);
  if (version !== undefined && typeof version !== "string") return fault("params_invalid");
  const era: Era = version === undefined || legacyVersions.has(version) ? "legacy" : "modern";

  // Only notifications go without an id; a request in a notification's clothes would run and answer nobody.
  const notifies = method.startsWith("notifications/");
  if (hasId === notifies) return fault("message_invalid");
  return hasId
    ? { kind: "request", id: id as string | number, method, params, era }
    : { kind: "notification", method, params, era };
}

/** MCP: an id is a string or an integer and never null. */
function idOf(value: Record<string, unknown>): string | number | undefined {
  const id = own(value, "id");
  if (typeof id === "string") return id.length <= longestId ? id : undefined;
  return typeof id === "number" && Number.isSafeInteger(id) ? id : undefined;
}

function own(value: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Parses a body: UTF-8 without a byte order mark (RFC 8259 §8.1), and no deeper than anything honest is. */
export function parseBody(bytes: Uint8Array | string): { readonly value: unknown } | MessageFault {
  try {
    const value: unknown = JSON.parse(typeof bytes === "string" ? bytes : utf8.decode(bytes));
    // A level takes two characters at least, so that a short body cannot be too deep.
    return bytes.length > 2 * deepestBody && isTooDeep(value)
      ? { kind: "fault", reason: "body_unparseable" }
      : { value };
  } catch {
    return { kind: "fault", reason: "body_unparseable" };
  }
}

/** Without recursion, so that the depth it looks for cannot overflow our own stack. */
export function isTooDeep(root: unknown): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepestBody) return true;
    const next: unknown[] = [];
    for (const value of level)
      if (typeof value === "object" && value !== null)
        for (const child of Object.values(value))
          if (typeof child === "object" && child !== null) next.push(child);
    level = next;
  }
  return false;
}
