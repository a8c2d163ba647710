import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";

/** Plays a platform that knows `fetch` only: for running a worker on this machine. */
export function onNode(serve: (request: Request) => Promise<Response>, origin: string): RequestListener {
  return (request, response) => {
    serve(requestOf(request, response, origin)).then(
      (answer) => send(answer, response),
      (error: unknown) => {
        console.error(error);
        if (response.headersSent) response.destroy();
        else response.writeHead(500).end();
      },
    );
  };
}

function requestOf(request: IncomingMessage, response: ServerResponse, origin: string): Request {
  const { method = "GET", url = "/", rawHeaders } = request;
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2)
    headers.append(rawHeaders[index] ?? "", rawHeaders[index + 1] ?? "");
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const body = method === "GET" || method === "HEAD" ? null : Readable.toWeb(request);
  const init = { method, headers, body, duplex: "half", signal: gone.signal };
  return new Request(new URL(url, origin), init as RequestInit);
}

async function send(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, [...answer.headers].flat());
  response.flushHeaders();
  if (answer.body === null) response.end();
  // A client that goes away ends its stream: nothing to report.
  else await pipeline(Readable.fromWeb(answer.body as ReadableStream), response).catch(() => {});
}
