import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { type FetchOptions, mcpAuthz as fetchAuthz } from "@mcp-authz/core/fetch";
import { mcpAuthz as nodeAuthz } from "@mcp-authz/core/node";
import type { ContractTarget, Mounted } from "../../src/index.js";

export async function listen(serve: RequestListener): Promise<Mounted> {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}/mcp`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const node: ContractTarget = {
  name: "node:http",
  mount: (options) => listen(nodeAuthz(options)),
};

type FetchHandler = (request: Request) => Response | Promise<Response>;

export const web: ContractTarget = {
  name: "fetch",
  mount: (options) => listenFetch(fetchAuthz(options as FetchOptions)),
};

/** A server for fetch handlers, as runtimes have one built in. */
export const listenFetch = (handler: FetchHandler): Promise<Mounted> =>
  listen((request, response) => void answer(handler, request, response));

async function answer(
  handler: FetchHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  try {
    const { status, headers, body } = await handler(requestOf(request, gone.signal));
    response.statusCode = status;
    for (const [name, value] of headers) response.appendHeader(name, value);
    response.flushHeaders();
    if (body !== null) for await (const chunk of body) response.write(chunk);
    response.end();
  } catch {
    if (!response.headersSent) response.statusCode = 400;
    response.end();
  }
}

function requestOf(request: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (let index = 0; index < request.rawHeaders.length; index += 2)
    headers.append(request.rawHeaders[index] as string, request.rawHeaders[index + 1] as string);
  const target = request.url ?? "/";
  const url = target.startsWith("/") ? `http://${request.headers.host ?? "localhost"}${target}` : target;
  const method = request.method ?? "GET";
  if (method === "GET" || method === "HEAD") return new Request(url, { method, headers, signal });
  const body = Readable.toWeb(request) as ReadableStream<Uint8Array>;
  return new Request(url, { method, headers, signal, body, duplex: "half" } as RequestInit);
}

/** An application that hands on what comes in below a prefix, and metadata, and nothing else. */
export const below: ContractTarget = {
  name: "node:http below a prefix",
  prefix: "/api",
  async mount(options) {
    const serve = nodeAuthz(options);
    const mounted = await listen((request, response) => {
      const ours = /^\/(api|\.well-known|%2ewell-known)\/|^https?:/i.test(request.url ?? "");
      return ours ? void serve(request, response) : void response.writeHead(404).end();
    });
    return { ...mounted, url: mounted.url.replace(/\/mcp$/, "/api/mcp") };
  },
};
