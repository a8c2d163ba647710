import { ClientCredentialsProvider } from "@modelcontextprotocol/sdk/client/auth-extensions.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { AgentOptions } from "./agent.js";

/** The same agent on the MCP SDK v1. */
export async function connectAgentV1({ url, issuer, fetch, ...credentials }: AgentOptions): Promise<Client> {
  const client = new Client({ name: "agent", version: "1.0.0" });
  const authProvider = new ClientCredentialsProvider({ ...credentials, expectedIssuer: issuer });
  const transport = { authProvider, ...(fetch === undefined ? {} : { fetch }) };
  // With exactOptionalPropertyTypes, SDK v1's transport does not fit its own interface.
  const connection = new StreamableHTTPClientTransport(new URL(url), transport) as Parameters<
    typeof client.connect
  >[0];
  await client.connect(connection);
  return client;
}
