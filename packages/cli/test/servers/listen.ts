import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";

export interface Running {
  readonly origin: string;
  close(): Promise<void>;
}

/** Listens on a free loopback port; over TLS when there is a certificate. */
export async function listen(listener: RequestListener, tls?: ServerOptions): Promise<Running> {
  if (tls === undefined) return running(createServer(listener));
  const { origin, close } = await running(createTlsServer(tls, listener));
  return { origin: origin.replace("http:", "https:"), close };
}

export async function running(server: Server, port = 0): Promise<Running> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
