/**
 * The gate for web-standard `fetch` handlers: Cloudflare Workers, Deno, Bun, Next.js route handlers, Hono and others.
 *
 * ```ts
 * import { mcpAuthz } from "@mcp-authz/core/fetch";
 *
 * export default { fetch: mcpAuthz({ resource, provider, policy, handler }) };
 * ```
 *
 * @module
 */
import type { Answer } from "../answers.js";
import type { AuthInfo } from "../auth-info.js";
import type { Facts } from "../facts.js";
import { createGate } from "../gate.js";
import type { Granted } from "../granted.js";
import { joined } from "../joined.js";
import type { Body } from "../mcp/body.js";
import type { McpAuthzOptions, McpHandler } from "../options.js";
import type { Reading } from "../transport.js";
import { responseOf, reviewed } from "./answer.js";
import { hold } from "./held-request.js";

export { headerLines } from "../facts.js";

export interface FetchOptions extends McpAuthzOptions {
  readonly handler: McpHandler;
  /** Serves what is neither the endpoint nor its metadata. Default: 404. */
  readonly outside?: (request: Request) => Response | Promise<Response>;
}

/** Where an application has read the body before us, it hands over what it parsed. */
export interface FetchContext {
  readonly parsedBody?: unknown;
}

const callers = new WeakMap<Request, AuthInfo>();

/** Who sent the request that a handler was given; undefined where the operation is public and no token came. */
export function getAuth(request: Request): AuthInfo | undefined {
  return callers.get(request);
}

export function factsOf(request: Request): Facts {
  const url = new URL(request.url);
  const headers: [string, string][] = [...request.headers];
  // Several runtimes keep Host out of the headers; it is in the URL then.
  if (!request.headers.has("host")) headers.push(["host", url.host]);
  return { method: request.method, target: `${url.pathname}${url.search}`, headers };
}

export function send(answer: Answer): Response {
  return responseOf(answer);
}

/** The request as the handler gets it: the body that was authorized, and a signal that ends with caller or token. */
export function attach(request: Request, granted: Granted, signal: AbortSignal): Request {
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  const body = granted.body === undefined ? null : JSON.stringify(granted.body);
  const handed = hold(new Request(request.url, { method: request.method, headers, body, signal }), signal);
  if (granted.auth !== undefined) callers.set(handed, granted.auth);
  return handed;
}

/** @throws {OptionError} when the options cannot work. */
export function mcpAuthz(
  options: FetchOptions,
): (request: Request, context?: FetchContext) => Promise<Response> {
  const gate = createGate(options);
  return async (request, context = {}) => {
    const outcome = await gate.authenticate(factsOf(request));
    switch (outcome.kind) {
      case "outside":
        return options.outside?.(request) ?? new Response("Not Found", { status: 404 });
      case "answer":
        return send(outcome);
      case "authenticated": {
        const verdict = await outcome.authorize(await bodyOf(request, context, outcome.reading));
        return verdict.kind === "answer" ? send(verdict) : serve(options.handler, request, verdict);
      }
    }
  };
}

export async function bodyOf(
  request: Request,
  context: FetchContext,
  reading: Reading | undefined,
): Promise<Body> {
  if (reading === undefined) return { kind: "none" };
  if (context.parsedBody !== undefined || request.bodyUsed)
    return { kind: "parsed", value: context.parsedBody };
  return reading.announced === undefined ? inPieces(request, reading) : inOne(request, reading);
}

/**
 * What is announced is within the limit, and a server lets nothing else through (RFC 9112 §6.2, RFC 9113 §8.1.1); every
 * runtime has a shorter way for a whole body than its stream.
 */
async function inOne(request: Request, { bytes, timeout }: Reading): Promise<Body> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeout);
  });
  try {
    const buffer = await Promise.race([request.arrayBuffer(), late]);
    if (buffer === undefined) return { kind: "timed out" };
    return buffer.byteLength > bytes
      ? { kind: "too large" }
      : { kind: "bytes", bytes: new Uint8Array(buffer) };
  } catch {
    // The client went away in the middle, or somebody else is reading: whoever still listens learns that this was no message.
    return { kind: "bytes", bytes: "" };
  } finally {
    clearTimeout(timer);
  }
}

async function inPieces(request: Request, reading: Reading): Promise<Body> {
  if (request.body === null) return { kind: "bytes", bytes: "" };
  // A body that somebody else is reading will never be read here.
  if (request.body.locked) return { kind: "parsed", value: undefined };
  const reader = request.body.getReader();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    reader.cancel().catch(() => {});
  }, reading.timeout);
  try {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.byteLength;
      if (length > reading.bytes) {
        reader.cancel().catch(() => {});
        return { kind: "too large" };
      }
      chunks.push(part.value);
    }
    return late ? { kind: "timed out" } : { kind: "bytes", bytes: joined(chunks) };
  } catch {
    // The client went away in the middle; whoever still listens learns that this was not a message.
    return { kind: "bytes", bytes: "" };
  } finally {
    clearTimeout(timer);
  }
}

/** Runs the handler behind a granted request. */
export async function serve(handler: McpHandler, request: Request, granted: Granted): Promise<Response> {
  const ending = endingOf(request);
  const answer = await handler.fetch(attach(request, granted, ending.signal), contextOf(granted));
  return answered(answer, granted, ending);
}

/** Fires with the caller, and may be fired for other reasons. */
export function endingOf(request: Request): AbortController {
  const ending = new AbortController();
  endWith(request, ending);
  return ending;
}

export function endWith(request: Request, ending: AbortController): void {
  const { signal } = hold(request, ending.signal);
  const end = () => ending.abort(signal.reason);
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
}

/** The handler's answer as it goes out. */
export async function answered(
  answer: Response,
  granted: Granted,
  ending: AbortController,
): Promise<Response> {
  const response = await reviewed(answer, granted, ending);
  if (response === answer && addHeaders(answer.headers, granted)) return answer;
  return new Response(response.body, {
    status: response.status,
    statusText: response.statusText,
    headers: mergedHeaders(response.headers, granted),
  });
}

/** What the MCP SDK's handlers take beside the request. */
export function contextOf({ auth, body }: Granted): { authInfo?: AuthInfo; parsedBody?: unknown } {
  return {
    ...(auth === undefined ? {} : { authInfo: auth }),
    ...(body === undefined ? {} : { parsedBody: body }),
  };
}

function mergedHeaders(own: Headers, granted: Granted): Headers {
  const headers = new Headers(own);
  addHeaders(headers, granted);
  return headers;
}

/** @returns false where they are immutable, as those of an answer that came from elsewhere (Fetch standard, headers guard) */
function addHeaders(headers: Headers, granted: Granted): boolean {
  try {
    for (const [name, value] of granted.headers) {
      if (name === "Vary" && headers.get("vary")?.includes(value) !== true) headers.append(name, value);
      else if (!headers.has(name)) headers.set(name, value);
    }
    return true;
  } catch {
    return false;
  }
}
