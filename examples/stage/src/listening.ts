import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that takes connections. */
export interface Listening {
  readonly origin: string;
  /** Takes no more connections and drops those that are open: clients of a story keep streams open for ever. */
  close(): Promise<void>;
}

/** Serves on this machine only. */
export async function listen(listener: RequestListener, port: number): Promise<Listening> {
  const server = createServer(listener);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: bound } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** The wanted port of this machine when nobody has it, any free one otherwise: a URL has to be known before its server is. */
export async function freePort(wanted = 0): Promise<number> {
  const nothing: RequestListener = (_request, response) => response.end();
  const probe = await listen(nothing, wanted).catch(() => listen(nothing, 0));
  await probe.close();
  return Number(new URL(probe.origin).port);
}
