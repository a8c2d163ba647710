/**
 * The gate for plain `node:http` and for everything that speaks its `(request, response, next)`.
 *
 * ```ts
 * import { createServer } from "node:http";
 * import { mcpAuthz } from "@mcp-authz/core/node";
 *
 * createServer(mcpAuthz({ resource, provider, policy, handler })).listen(3000);
 * ```
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "../answers.js";
import type { AuthInfo } from "../auth-info.js";
import type { Facts, HeaderLines } from "../facts.js";
import { type Authenticated, createGate } from "../gate.js";
import type { Granted } from "../granted.js";
import type { Body } from "../mcp/body.js";
import type { McpAuthzOptions, McpHandler } from "../options.js";
import { reviewed } from "./answer.js";
import { contextOf } from "./fetch.js";
import { watch } from "./watch.js";

/** Goes on to whatever serves behind us, as Connect and Express have it. */
export type Next = (error?: unknown) => void;

interface Attached {
  auth?: AuthInfo;
  body?: unknown;
}

/** Who sent this request; undefined where no gate let it through, or the operation is public and no token came. */
export function getAuth(request: IncomingMessage): AuthInfo | undefined {
  return (request as Attached).auth;
}

function factsOf(request: IncomingMessage): Facts {
  return { method: request.method ?? "", target: request.url ?? "", headers: headerLines(request) };
}

export function send(response: ServerResponse, answer: Answer): void {
  applyHeaders(response, answer.headers);
  response.writeHead(
    answer.status,
    answer.body === "" ? {} : { "Content-Length": Buffer.byteLength(answer.body) },
  );
  response.end(answer.body);
}

/** Where the SDK's Node transports look for the caller (`req.auth`) and the parsed body (`req.body`). */
function attach(request: IncomingMessage, response: ServerResponse, granted: Granted): void {
  Object.assign(request, { auth: granted.auth, body: granted.body } satisfies Attached | { auth: undefined });
  applyHeaders(response, granted.headers);
}

/** @throws {OptionError} when the options cannot work. */
export function mcpAuthz(
  options: McpAuthzOptions,
): (request: IncomingMessage, response: ServerResponse, next?: Next) => Promise<void> {
  const gate = createGate(options);
  return async (request, response, next = (error) => notServed(response, error)) => {
    const outcome = await gate.authenticate(factsOf(request));
    switch (outcome.kind) {
      case "outside":
        return next();
      case "answer":
        return send(response, outcome);
      case "authenticated": {
        const verdict = await outcome.authorize(await readBody(request, outcome.reading));
        if (verdict.kind === "answer") return send(response, verdict);
        attach(request, response, verdict);
        return options.handler === undefined
          ? guard(response, verdict, next)
          : serve(options.handler, request, response, verdict, next);
      }
    }
  };
}

function notServed(response: ServerResponse, error: unknown): void {
  if (!response.headersSent) response.writeHead(error === undefined ? 404 : 500);
  response.end();
}

/** Every header line as it came; `request.headers` would hide the second of two. */
export function headerLines(request: IncomingMessage): HeaderLines {
  const { rawHeaders } = request;
  const lines: [string, string][] = [];
  for (let index = 0; index < rawHeaders.length; index += 2)
    lines.push([rawHeaders[index] as string, rawHeaders[index + 1] as string]);
  return lines;
}

/** What others set stays, save where we know better; `Vary` grows. */
export function applyHeaders(response: ServerResponse, headers: HeaderLines): void {
  for (const [name, value] of headers) {
    if (name === "Vary") appendVary(response, value);
    else response.setHeader(name, value);
  }
}

function appendVary(response: ServerResponse, value: string): void {
  const names = String(response.getHeader("vary") ?? "").toLowerCase();
  if (!names.split(/, */).includes(value.toLowerCase())) response.appendHeader("Vary", value);
}

/** Reads the body, unless somebody did so before us: then what they parsed is taken, for the bytes are gone. */
export function readBody(request: IncomingMessage, reading: Authenticated["reading"]): Promise<Body> {
  if (reading === undefined) return Promise.resolve({ kind: "none" });
  if (request.readableDidRead || request.readableEnded)
    return Promise.resolve(bodyBefore((request as Attached).body));
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (body: Body) => {
      clearTimeout(timer);
      request.off("data", take).off("end", end).off("close", end).pause();
      resolve(body);
    };
    const take = (chunk: Buffer) => {
      length += chunk.length;
      if (length > reading.bytes) finish({ kind: "too large" });
      else chunks.push(chunk);
    };
    const end = () =>
      finish({ kind: "bytes", bytes: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) });
    const timer = setTimeout(() => finish({ kind: "timed out" }), reading.timeout);
    // A client that goes away leaves half a message, which does not parse.
    request
      .on("data", take)
      .on("end", end)
      .on("close", end)
      .on("error", () => {});
  });
}

/** A body parser before us leaves an object, or with `express.text()` and `express.raw()` the bytes. */
export function bodyBefore(body: unknown): Body {
  return typeof body === "string" || body instanceof Uint8Array
    ? { kind: "bytes", bytes: body }
    : { kind: "parsed", value: body };
}

/** The application's own route serves; all that is left to do is to end its stream with the token. */
export function guard(response: ServerResponse, granted: Granted, next: Next): void {
  response.once("close", () => granted.release());
  watch(response, granted.outgoing);
  const cut = () => {
    if (response.writableEnded || response.destroyed) return;
    // A call that is still running was authorized when it began; only an open stream has outlived its token.
    if (response.headersSent) response.destroy();
    else setTimeout(cut, 1_000).unref();
  };
  granted.signal.addEventListener("abort", cut, { once: true });
  next();
}

/** Runs a fetch handler behind a granted request. */
export async function serve(
  handler: McpHandler,
  request: IncomingMessage,
  response: ServerResponse,
  granted: Granted,
  next: Next,
): Promise<void> {
  const ending = new AbortController();
  response.once("close", () => {
    granted.release();
    if (!response.writableFinished) ending.abort(new DOMException("The client went away", "AbortError"));
  });
  try {
    const answer = await handler.fetch(requestOf(request, granted, ending.signal), contextOf(granted));
    await sendResponse(response, await reviewed(answer, granted, ending));
  } catch (error) {
    if (response.headersSent) response.destroy();
    else next(error);
  }
}

function requestOf(request: IncomingMessage, granted: Granted, signal: AbortSignal): Request {
  const headers = new Headers();
  // HTTP/2 pseudo-headers are no header names to Fetch.
  for (const [name, value] of headerLines(request))
    if (!name.startsWith(":") && name.toLowerCase() !== "content-length") headers.append(name, value);
  const target = request.url?.startsWith("/") === true ? request.url : "/";
  const body = granted.body === undefined ? null : JSON.stringify(granted.body);
  // The path is the client's, the rest the configuration's: a handler that reads the URL reads nothing made up.
  const base = granted.auth?.resource ?? "http://localhost";
  return new Request(new URL(target.replace(/^\/+/, "/"), base), {
    method: request.method ?? "GET",
    headers,
    body,
    signal,
  });
}

async function sendResponse(response: ServerResponse, answer: Response): Promise<void> {
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) {
    if (name === "set-cookie") response.appendHeader(name, value);
    else if (name === "vary") appendVary(response, value);
    else response.setHeader(name, value);
  }
  if (answer.body === null) {
    response.end();
    return;
  }
  const streams = answer.headers.get("content-type")?.startsWith("text/event-stream") === true;
  if (streams) response.flushHeaders();
  const reader = answer.body.getReader();
  response.once("close", () => reader.cancel().catch(() => {}));
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (!response.write(part.value) && !response.destroyed) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off("drain", go).off("close", go);
      resolve();
    };
    response.on("drain", go).on("close", go);
  });
}
