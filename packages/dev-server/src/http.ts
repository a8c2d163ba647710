import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";

/** The largest body that any endpoint reads, in bytes. */
const BODY_LIMIT = 56 * 1024;

/** A request whose body is larger than this server reads. */
export class BodyTooLarge extends Error {}

/** Reads the whole body, up to a limit. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_LIMIT) throw new BodyTooLarge("request body too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/**
 * The same request with another target or body, for the protocol library, which reads both itself.
 * `mount` is the part of the path that the library is not to see.
 */
export function rewrite(
  request: IncomingMessage,
  change: { readonly mount: string; readonly target: string; readonly body?: Buffer },
): IncomingMessage {
  const { mount, target, body } = change;
  if (body === undefined) {
    return Object.assign(request, { url: target, originalUrl: `${mount}${target}` });
  }
  const { method, httpVersion, httpVersionMajor, httpVersionMinor, socket, rawHeaders } = request;
  const headers = { ...request.headers, "content-length": String(body.length) };
  delete headers["transfer-encoding"];
  return Object.assign(Readable.from([body], { objectMode: false }), {
    ...{ method, httpVersion, httpVersionMajor, httpVersionMinor, socket, rawHeaders, headers },
    url: target,
    originalUrl: `${mount}${target}`,
  }) as unknown as IncomingMessage;
}

export interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, {
    ...(answer.type === undefined ? {} : { "Content-Type": answer.type }),
    "X-Content-Type-Options": "nosniff",
    ...answer.headers,
  });
  response.end(answer.body ?? "");
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(value, null, 2);
  send(response, {
    status,
    type: "application/json",
    headers: { "Cache-Control": "no-store", ...headers },
    body,
  });
}

/** Open to every origin: for documents and endpoints that carry no cookie. */
export const ANY_ORIGIN: Readonly<Record<string, string>> = { "Access-Control-Allow-Origin": "*" };

export const PREFLIGHT: Answer = {
  status: 204,
  headers: {
    ...ANY_ORIGIN,
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, DPoP, MCP-Protocol-Version",
    "Access-Control-Max-Age": "600",
  },
};
