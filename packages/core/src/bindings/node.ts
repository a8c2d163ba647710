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
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { Answer } from "../answers.js";
import type { AuthInfo } from "../auth-info.js";
import { type Facts, type HeaderLines, headerLines as linesOf } from "../facts.js";
import { createGate } from "../gate.js";
import type { Granted } from "../granted.js";
import { isEventStream } from "../media-type.js";
import type { McpAuthzOptions, McpHandler } from "../options.js";
import { reviewed } from "./answer.js";
import { contextOf } from "./fetch.js";
import { guard } from "./guard.js";
import { hold } from "./held-request.js";
import { readBody } from "./node-body.js";
import { varied } from "./vary.js";

export { guard } from "./guard.js";
export { bodyBefore, readBody } from "./node-body.js";
export { varied } from "./vary.js";

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
  const pass = async (request: IncomingMessage, response: ServerResponse, next: Next) => {
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
        if (options.handler !== undefined) return serve(options.handler, request, response, verdict);
        guard(response, verdict);
        return next();
      }
    }
  };
  return async (request, response, next = (error) => notServed(response, error)) => {
    let passed = false;
    const once: Next = (error) => {
      passed = true;
      next(error);
    };
    try {
      await pass(request, response, once);
    } catch (error) {
      if (passed) notServed(response, error);
      else next(error);
    }
  };
}

function notServed(response: ServerResponse, error: unknown): void {
  if (!response.headersSent) response.writeHead(error === undefined ? 404 : 500);
  response.end();
}

/** Every header line as it came; `request.headers` would hide the second of two. */
export function headerLines(request: IncomingMessage): HeaderLines {
  return linesOf(request.rawHeaders);
}

/** What others set stays, save where we know better; cookies and `Vary` grow. */
export function applyHeaders(
  response: ServerResponse,
  headers: Iterable<readonly [name: string, value: string]>,
): void {
  for (const [name, value] of headers) {
    if (name === "set-cookie") response.appendHeader(name, value);
    else response.setHeader(name, varied(name, value, response));
  }
}

/** Runs a fetch handler behind a granted request and writes its answer. Rejects where nothing was written yet. */
export async function serve(
  handler: McpHandler,
  request: IncomingMessage,
  response: ServerResponse,
  granted: Granted,
): Promise<void> {
  try {
    await sendResponse(response, await respond(handler, request, response, granted));
  } catch (error) {
    if (!response.headersSent && !response.destroyed) throw error;
    response.destroy();
  }
}

/** Runs a fetch handler behind a granted request, for frameworks that write the answer themselves. */
export async function respond(
  handler: McpHandler,
  request: IncomingMessage,
  response: ServerResponse,
  granted: Granted,
): Promise<Response> {
  const ending = new AbortController();
  const closed = () => {
    granted.release();
    if (!response.writableFinished) ending.abort(new DOMException("The client went away", "AbortError"));
  };
  // A client that left while it was being authorized will not be heard to leave again.
  if (response.destroyed) closed();
  else response.once("close", closed);
  const answer = await handler.fetch(requestOf(request, granted, ending.signal), contextOf(granted));
  return reviewed(answer, granted, ending);
}

function requestOf(request: IncomingMessage, granted: Granted, signal: AbortSignal): Request {
  const headers = new Headers();
  // HTTP/2 pseudo-headers are no header names to Fetch.
  for (const [name, value] of headerLines(request))
    if (!name.startsWith(":") && name.toLowerCase() !== "content-length") headers.append(name, value);
  // Under a mount, Connect and Express keep the whole target aside.
  const whole = (request as { originalUrl?: string }).originalUrl ?? request.url;
  const target = whole?.startsWith("/") === true ? whole : "/";
  const body = granted.body === undefined ? null : JSON.stringify(granted.body);
  // The path is the client's, the rest the configuration's: a handler that reads the URL reads nothing made up.
  const base = granted.auth?.resource ?? "http://localhost";
  const url = new URL(target.replace(/^\/+/, "/"), base);
  return hold(new Request(url, { method: request.method ?? "GET", headers, body, signal }), signal);
}

async function sendResponse(response: ServerResponse, answer: Response): Promise<void> {
  response.statusCode = answer.status;
  applyHeaders(response, answer.headers);
  if (answer.body === null) {
    response.end();
    return;
  }
  if (isEventStream(answer.headers.get("content-type"))) response.flushHeaders();
  const reader = answer.body.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  if (response.destroyed) return cancel();
  response.once("close", cancel);
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (!response.write(part.value) && !response.destroyed) await drained(response);
  }
  response.end();
}

/** The body of an answer for frameworks that take a buffer or a stream. */
export function payloadOf(response: ServerResponse, answer: Answer | Response): Buffer | Readable | null {
  if (answer.body === null || answer.body === "") return null;
  if (typeof answer.body === "string") return Buffer.from(answer.body);
  // The head would wait for the first event otherwise, and the client with it.
  if (isEventStream((answer as Response).headers.get("content-type")))
    response.once("pipe", () => response.flushHeaders());
  return Readable.fromWeb(answer.body as NodeReadableStream);
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
