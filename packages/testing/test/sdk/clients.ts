import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";

/** A client that has connected with a token that it was given. */
export interface Connected {
  call(name: string, input?: Record<string, unknown>): Promise<unknown>;
  close(): Promise<void>;
}

export type Connect = (url: string, token: string) => Promise<Connected>;

const identity = { name: "client", version: "1.0.0" };
const withToken = (token: string) => ({ requestInit: { headers: { Authorization: `Bearer ${token}` } } });
const textOf = (result: object): unknown =>
  (result as { content?: readonly { text?: unknown }[] }).content?.[0]?.text;

export const v1: Connect = async (url, token) => {
  const client = new ClientV1(identity);
  await client.connect(new TransportV1(new URL(url), withToken(token)) as Transport);
  return {
    call: async (name, input = {}) => textOf(await client.callTool({ name, arguments: input })),
    close: () => client.close(),
  };
};

const v2 =
  (mode: "auto" | "legacy"): Connect =>
  async (url, token) => {
    const client = new Client(identity, { versionNegotiation: { mode } });
    await client.connect(new StreamableHTTPClientTransport(new URL(url), withToken(token)));
    return {
      call: async (name, input = {}) => textOf(await client.callTool({ name, arguments: input })),
      close: () => client.close(),
    };
  };

/** Whatever the server speaks, the newest first. */
export const v2Newest: Connect = v2("auto");
/** The protocols before 2026-07-28. */
export const v2Legacy: Connect = v2("legacy");
