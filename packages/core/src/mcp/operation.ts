import { isObject } from "./era.js";
import type { Message, MessageFault, Params } from "./message.js";
import { canonicalUri } from "./resource-uri.js";

/** What a message asks the server to do, as far as a policy has to know. */
export interface Operation {
  readonly method: string;
  /** The tools, prompts and resources that it touches; a listen filter may name several resources. */
  readonly targets: readonly Target[];
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface Target {
  readonly kind: "tool" | "prompt" | "resource";
  /** Tool or prompt name, resource URI or URI template: exact, as the message has it. */
  readonly name: string;
}

/** Reads the operation out of a message's body, never out of its headers. */
export function operationOf(message: Message): Operation | MessageFault {
  if (message.kind === "response") return { method: "(response)", targets: [], arguments: {} };
  const targets = targetsOf(message.method, message.params);
  if (targets === undefined)
    return {
      kind: "fault",
      reason: "params_invalid",
      ...(message.kind === "request" ? { id: message.id } : {}),
    };
  const given = message.params?.["arguments"];
  return { method: message.method, targets, arguments: isObject(given) ? given : {} };
}

const longestName = 4096;

function targetsOf(method: string, params: Params): Target[] | undefined {
  switch (method) {
    case "tools/call":
      return named("tool", params?.["name"]);
    case "prompts/get":
      return named("prompt", params?.["name"]);
    case "resources/read":
    case "resources/subscribe":
    case "resources/unsubscribe":
      return resource(params?.["uri"]);
    case "completion/complete":
      return referenced(params?.["ref"]);
    case "subscriptions/listen":
      return listened(params?.["notifications"]);
    default:
      return [];
  }
}

function named(kind: Target["kind"], name: unknown): Target[] | undefined {
  return typeof name === "string" && name.length <= longestName ? [{ kind, name }] : undefined;
}

/** A template is looked up as it stands; a URI in its place is read as one. */
function template(uri: unknown): Target[] | undefined {
  return typeof uri === "string" && uri.includes("{") ? named("resource", uri) : resource(uri);
}

/** A URI as it stands and, where they differ, as a server will read it: the rules of both have to hold. */
function resource(uri: unknown): Target[] | undefined {
  // RFC 3986 has neither controls nor spaces, and URL parsers drop some of them without a word.
  if (typeof uri !== "string" || /[^\x21-\x7e\u0080-\uffff]/.test(uri)) return undefined;
  const canonical = canonicalUri(uri);
  const target = named("resource", uri);
  return target === undefined || canonical === uri
    ? target
    : [...target, { kind: "resource", name: canonical }];
}

/** Completion reveals values of the prompt or resource that it completes for, so it needs what they need. */
function referenced(ref: unknown): Target[] | undefined {
  if (!isObject(ref)) return undefined;
  if (ref["type"] === "ref/prompt") return named("prompt", ref["name"]);
  return ref["type"] === "ref/resource" ? template(ref["uri"]) : undefined;
}

function listened(filter: unknown): Target[] | undefined {
  if (!isObject(filter)) return filter === undefined ? [] : undefined;
  const uris = filter["resourceSubscriptions"];
  if (uris === undefined) return [];
  if (!Array.isArray(uris)) return undefined;
  const targets = uris.map(resource);
  return targets.every((target) => target !== undefined) ? targets.flat() : undefined;
}
