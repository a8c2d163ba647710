import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Running {
  readonly origin: string;
  close(): Promise<void>;
}

/** Listens on a free loopback port. */
export async function listen(listener: RequestListener): Promise<Running> {
  return running(createServer(listener));
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
