import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** One request on its way through the handlers. */
export interface Call {
  readonly method: string;
  /** Path and query, as the client sent them. */
  readonly target: string;
  /** Every header line, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Chunk by chunk; to be read once. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Fires when nobody waits for the reply any more. */
  readonly gone: AbortSignal;
  /** What one handler leaves for the next. */
  readonly locals: Map<string, unknown>;
}

export interface Reply {
  status: number;
  headers: readonly (readonly [name: string, value: string])[];
  body: string | ReadableStream<Uint8Array> | null;
}

/** Asks the next handler in the row, with this call or a changed one. */
export type Next = (call?: Call) => Promise<Reply>;

/** Replies, or asks the next one to. */
export type Handler = (call: Call, next: Next) => Reply | Promise<Reply>;

/** A web framework in a hundred lines: handlers in a row, each free to reply or to call the next. */
export class Rill {
  readonly #handlers: Handler[] = [];

  use(handler: Handler): this {
    this.#handlers.push(handler);
    return this;
  }

  /** Replies to GET on exactly this path. */
  get(path: string, handler: Handler): this {
    return this.use((call, next) =>
      call.method === "GET" && call.target.split("?", 1)[0] === path ? handler(call, next) : next(),
    );
  }

  async listen(port: number, host: string): Promise<Server> {
    const server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        if (!response.destroyed) console.error(error);
        response.destroy();
      });
    });
    server.listen(port, host);
    await once(server, "listening");
    return server;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => response.writableFinished || gone.abort());
    const reply = await this.#reply(callOf(request, gone.signal), 0);
    if (response.destroyed) return;
    response.writeHead(reply.status, [...reply.headers].flat() as string[]);
    if (reply.body === null || typeof reply.body === "string") response.end(reply.body ?? undefined);
    else await pipeline(Readable.fromWeb(reply.body as Parameters<typeof Readable.fromWeb>[0]), response);
  }

  async #reply(call: Call, index: number): Promise<Reply> {
    const handler = this.#handlers[index];
    if (handler === undefined) return { status: 404, headers: [], body: "There is nothing here.\n" };
    return handler(call, (changed = call) => this.#reply(changed, index + 1));
  }
}

function callOf(request: IncomingMessage, gone: AbortSignal): Call {
  const { rawHeaders } = request;
  return {
    method: request.method ?? "GET",
    target: request.url ?? "/",
    headers: rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ""] as const] : [],
    ),
    body: request,
    gone,
    locals: new Map(),
  };
}
