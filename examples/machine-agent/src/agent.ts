import {
  Client,
  ClientCredentialsProvider,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";

/** What an agent needs to be somebody (RFC 6749 §4.4). */
export interface AgentOptions {
  /** The MCP endpoint. Everything else about it the agent finds out by itself. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the credentials were registered: they are sent to no other authorization server, whatever the MCP server says. */
  readonly issuer: string;
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
}

/** An agent on the MCP SDK v2, connected. Its first request is refused, and tells it where to get a token. */
export async function connectAgent({ url, issuer, fetch, ...credentials }: AgentOptions): Promise<Client> {
  const client = new Client({ name: "agent", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
  const authProvider = new ClientCredentialsProvider({ ...credentials, expectedIssuer: issuer });
  const transport = { authProvider, ...(fetch === undefined ? {} : { fetch }) };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), transport));
  return client;
}
