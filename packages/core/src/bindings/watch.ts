import type { ServerResponse } from "node:http";
import type { Answer } from "../answers.js";
import type { Rewriter } from "../mcp/rewriter.js";
import type { Outgoing } from "../outgoing.js";

type Arguments = [chunk?: unknown, encoding?: unknown, callback?: unknown];

/**
 * Stands between the application's own handler and the response that it writes to, so that what holds for a handler
 * of ours holds there too: late denials, lists, session owners. Node.js writes the head through `writeHead` in every case.
 *
 * @param onStream called when the answer turns out to be a stream
 */
export function watch(response: ServerResponse, outgoing: Outgoing, onStream: () => void): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  const write = response.write.bind(response) as (...args: Arguments) => boolean;
  const end = response.end.bind(response) as (...args: Arguments) => ServerResponse;
  let rewriter: Rewriter | undefined;
  let refused = false;

  const refuse = (answer: Answer) => {
    refused = true;
    for (const name of response.getHeaderNames())
      if (name.startsWith("content-")) response.removeHeader(name);
    for (const [name, value] of answer.headers) response.setHeader(name, value);
    writeHead(answer.status);
    end(answer.body);
    return response;
  };

  response.writeHead = (status: number, ...rest: unknown[]): ServerResponse => {
    if (response.headersSent) return writeHead(status, ...rest);
    const named = new Set<string>();
    for (const [name, value] of linesOf(rest)) {
      if (named.has(name.toLowerCase())) response.appendHeader(name, value);
      else response.setHeader(name, value);
      named.add(name.toLowerCase());
    }
    const head = { status, header: (name: string) => response.getHeader(name)?.toString() };
    const refusal = outgoing.begin(head);
    if (refusal !== undefined) return refuse(refusal);
    if (head.header("content-type")?.startsWith("text/event-stream") === true) onStream();
    rewriter = outgoing.rewriter(head);
    if (rewriter !== undefined) response.removeHeader("content-length");
    return typeof rest[0] === "string" ? writeHead(status, rest[0]) : writeHead(status);
  };
  if (!outgoing.rewrites && !outgoing.mayStillDeny) return;

  const begun = () => {
    if (!response.headersSent) response.writeHead(response.statusCode);
  };
  response.write = (...args: Arguments): boolean => {
    begun();
    if (refused) return called(args);
    if (rewriter === undefined) return write(...args);
    const bytes = rewriter.push(bytesOf(args));
    return bytes.byteLength === 0 ? called(args) : write(bytes, callbackOf(args));
  };
  response.end = (...args: Arguments): ServerResponse => {
    begun();
    if (refused) {
      called(args);
      return response;
    }
    if (rewriter === undefined) return end(...args);
    const last =
      args[0] === undefined || args[0] === null || typeof args[0] === "function"
        ? []
        : [rewriter.push(bytesOf(args))];
    return end(Buffer.concat([...last, rewriter.end()]), callbackOf(args));
  };
}

/** `writeHead` takes headers as an object, a flat list or a list of pairs, with or without a status text before. */
function linesOf(rest: readonly unknown[]): [string, string | string[]][] {
  const given = typeof rest[0] === "string" ? rest[1] : rest[0];
  if (!Array.isArray(given))
    return Object.entries((given ?? {}) as Record<string, string>).filter(([, value]) => value !== undefined);
  const flat: unknown[] = given.flat();
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
