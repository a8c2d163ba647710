import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { jwt, type McpAuthzOptions } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/core/node";
import { createTokenMint, type TokenMint } from "@mcp-authz/testing";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { createTodoHandler, todoImplies, todoPolicy } from "../src/index.js";

export interface ProtectedServer {
  readonly url: string;
  readonly mint: TokenMint;
  /** An SDK v2 client that has such a token. */
  client(claims: { sub: string; scope: string; iss?: string }): Promise<Client>;
  close(): Promise<void>;
}

/** The todo server behind the gate on `node:http`, with an issuer of its own. */
export async function protectedServer(differing: Partial<McpAuthzOptions> = {}): Promise<ProtectedServer> {
  const resource = "https://mcp.example.com/mcp";
  const mint = await createTokenMint({ audience: resource });
  const provider = jwt({ issuer: mint.issuer, jwksUri: mint.jwksUri, audience: resource });
  const handler = createTodoHandler();
  const options = { resource, provider, policy: todoPolicy, implies: todoImplies, handler, ...differing };
  const server = createServer(mcpAuthz(options));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  return {
    url,
    mint,
    async client(claims) {
      const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
      const authProvider = { token: async () => mint.token(claims) };
      await client.connect(new StreamableHTTPClientTransport(new URL(url), { authProvider }));
      return client;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await mint.close();
    },
  };
}
