import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Mounted } from "@mcp-authz/testing";

/** A server at a port of its own. */
export async function listening(server: Server): Promise<Mounted> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
