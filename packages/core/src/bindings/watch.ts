import type { ServerResponse } from "node:http";
import type { HeaderLines } from "../facts.js";
import type { Rewriter } from "../mcp/rewriter.js";
import { isEventStream } from "../media-type.js";
import type { AnswerHead, Outgoing } from "../outgoing.js";
import { isVary, varied } from "./vary.js";

type Arguments = [chunk?: unknown, encoding?: unknown, callback?: unknown];

/**
 * Stands between the application's own handler and the response that it writes to, so that what holds for a handler
 * of ours holds there too: late denials, lists, session owners. Node.js writes the head through `writeHead` in every case.
 *
 * @param headers go onto the answer when it begins, where the handler has not said the same in its own words
 * @param onStream called when the answer turns out to be a stream
 */
export function watch(
  response: ServerResponse,
  outgoing: Outgoing,
  headers: HeaderLines,
  onStream: () => void,
): void {
  const { writeHead, write, end } = response as unknown as Writers;
  let rewriter: Rewriter | undefined;
  let begun = false;
  let refused = false;
  let ended = false;

  /** Once, before the head goes out. */
  const begin = (status: number): void => {
    begun = true;
    for (const [name, value] of headers)
      if (isVary(name) || !response.hasHeader(name)) response.setHeader(name, varied(name, value, response));
    const head = headOf(response, status);
    const refusal = outgoing.begin(head);
    if (refusal === undefined) {
      if (isEventStream(head.header("content-type"))) onStream();
      rewriter = outgoing.rewriter(head);
      if (rewriter !== undefined) response.removeHeader("content-length");
      return;
    }
    refused = true;
    for (const name of response.getHeaderNames())
      if (name.startsWith("content-")) response.removeHeader(name);
    for (const [name, value] of refusal.headers) response.setHeader(name, value);
    // Servers of the Fetch standard may have announced the length of the answer beside its headers.
    response.setHeader("Content-Length", Buffer.byteLength(refusal.body));
    writeHead.call(response, refusal.status);
    end.call(response, refusal.body);
  };

  response.writeHead = (status: number, ...rest: unknown[]): ServerResponse => {
    if (refused) return response;
    if (begun || response.headersSent) return writeHead.call(response, status, ...rest);
    if (rest.length > 0) setLines(response, rest);
    begin(status);
    if (refused) return response;
    return typeof rest[0] === "string"
      ? writeHead.call(response, status, rest[0])
      : writeHead.call(response, status);
  };
  if (!outgoing.rewrites && !outgoing.mayStillDeny) return;

  response.write = (...args: Arguments): boolean => {
    if (!begun && !response.headersSent) response.writeHead(response.statusCode);
    if (refused) return called(args);
    if (rewriter === undefined || ended) return write.apply(response, args);
    const bytes = rewriter.push(bytesOf(args));
    return bytes.byteLength === 0 ? called(args) : write.call(response, bytes, callbackOf(args));
  };
  // Without a head so far, Node.js writes it here, with the length of what is all of the body.
  response.end = (...args: Arguments): ServerResponse => {
    if (!begun && !response.headersSent) begin(response.statusCode);
    if (refused) {
      called(args);
      return response;
    }
    // A second end is nothing to Node.js, as long as it brings nothing.
    if (rewriter === undefined || ended) return end.apply(response, args);
    ended = true;
    const hasLast = args[0] !== undefined && args[0] !== null && typeof args[0] !== "function";
    return end.call(response, rewriter.end(hasLast ? bytesOf(args) : undefined), callbackOf(args));
  };
}

/** The head as it is, or is going to be. */
export function headOf(response: ServerResponse, status: number = response.statusCode): AnswerHead {
  return { status, header: (name) => response.getHeader(name)?.toString() };
}

interface Writers {
  writeHead(...args: unknown[]): ServerResponse;
  write(...args: Arguments): boolean;
  end(...args: Arguments): ServerResponse;
}

/** `writeHead` takes headers as an object, a flat list or a list of pairs, with or without a status text before. */
function setLines(response: ServerResponse, rest: readonly unknown[]): void {
  const given = typeof rest[0] === "string" ? rest[1] : rest[0];
  if (Array.isArray(given)) setListed(response, linesOf(given.flat()));
  else
    for (const [name, value] of Object.entries((given ?? {}) as Record<string, string>))
      if (value !== undefined) response.setHeader(name, value);
}

/** The same name twice is two lines. */
function setListed(response: ServerResponse, lines: readonly (readonly [string, string])[]): void {
  const named = new Set<string>();
  for (const [name, value] of lines) {
    if (named.has(name.toLowerCase())) response.appendHeader(name, value);
    else response.setHeader(name, value);
    named.add(name.toLowerCase());
  }
}

function linesOf(flat: readonly unknown[]): [string, string][] {
  const lines: [string, string][] = [];
  for (let index = 0; index < flat.length; index += 2)
    lines.push([String(flat[index]), String(flat[index + 1])]);
  return lines;
}

function bytesOf([chunk, encoding]: Arguments): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  return Buffer.from(String(chunk), typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8");
}

function callbackOf(args: Arguments): unknown {
  return args.find((argument) => typeof argument === "function");
}

function called(args: Arguments): true {
  const callback = callbackOf(args);
  if (typeof callback === "function") queueMicrotask(() => callback());
  return true;
}
