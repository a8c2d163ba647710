import { createServer as createHttp1, type Server as Http1Server, type RequestListener } from "node:http";
import { createServer as createHttp2, type Http2Server } from "node:http2";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** A plain-text port that speaks HTTP/1.1 and HTTP/2: the SDK uses both, at one address. */
export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

export interface ListenerOptions {
  readonly port: number;
  readonly host: string;
  readonly onRequest: RequestListener;
  /** Requests of connections that began with the HTTP/2 preface (RFC 9113 section 3.3, prior knowledge). */
  readonly onHttp2Request: Parameters<typeof createHttp2>[1];
}

export async function listen(options: ListenerOptions): Promise<Listener> {
  const http1 = createHttp1(options.onRequest);
  const http2 = createHttp2(options.onHttp2Request);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    sort(socket, http1, http2);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server, http1, sockets) };
}

/** How HTTP/2 begins, and no HTTP/1.1 request does. */
const PREFACE = "PRI * HTTP/2.0";

/** Gives a connection to the server whose protocol its first bytes speak. */
function sort(socket: Socket, http1: Http1Server, http2: Http2Server): void {
  socket.on("error", () => socket.destroy());
  socket.once("data", (first: Buffer) => {
    socket.pause();
    socket.unshift(first);
    const beginning = first.toString("latin1", 0, PREFACE.length);
    const server = beginning.length > 2 && PREFACE.startsWith(beginning) ? http2 : http1;
    server.emit("connection", socket);
    process.nextTick(() => socket.resume());
  });
}

function close(server: Server, http1: Http1Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    http1.close();
    for (const socket of sockets) socket.destroy();
  });
}
