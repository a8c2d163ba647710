import { createDevServer, type DevServer } from "@mcp-authz/dev-server";
import { freePort, listen } from "@mcp-authz/example-stage";
import { createHeadlessHost, type HeadlessHost } from "@mcp-authz/testing";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { createApplication } from "../src/application.js";
import type { AuditEntry } from "../src/audit.js";
import { environmentFor } from "../src/local-environment.js";

export const RESOURCE_ID = "res_identity_admin";

export type Json = Record<string, unknown>;

export interface IdentityAdmin {
  readonly url: string;
  readonly dev: DevServer;
  readonly audited: readonly AuditEntry[];
  /** What went to the management API over REST: each request with its headers and body, as text. */
  readonly sent: readonly string[];
  /** A host with a person in front of it who logs in as this user. */
  host(user: string, version: 1 | 2): Promise<HeadlessHost>;
  /** A token of a machine that has these scopes and permissions. */
  token(...access: string[]): Promise<string>;
  /** An SDK v2 client of such a machine. */
  client(...access: string[]): Promise<Client>;
  close(): Promise<void>;
}

/** The example and an environment for it, on sockets of their own. */
export async function startIdentityAdmin(): Promise<IdentityAdmin> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/mcp`;
  let person = "";
  const dev = await createDevServer({
    ...environmentFor(url),
    banner: false,
    approve: () => ({ user: person }),
  });
  const audited: AuditEntry[] = [];
  const sent: string[] = [];
  const recorded: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    sent.push(JSON.stringify([request.url, [...request.headers], await request.clone().text()]));
    return fetch(request);
  };
  const scalekit = {
    environmentUrl: dev.url,
    resourceId: RESOURCE_ID,
    clientId: dev.env.SCALEKIT_CLIENT_ID,
    clientSecret: dev.env.SCALEKIT_CLIENT_SECRET,
  };
  const config = { port, host: "127.0.0.1", resource: url, scalekit };
  const application = createApplication(config, (entry) => audited.push(entry), recorded);
  const listening = await listen(application.app, port);
  const token = async (...access: string[]): Promise<string> => {
    const secret = "secret";
    const { id } = dev.registerClient({ secret, server: RESOURCE_ID, scopes: access, permissions: access });
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: id,
      client_secret: secret,
    });
    body.set("scope", access.join(" "));
    const answer = await fetch(`${dev.url}/oauth/token`, { method: "POST", body });
    return String(((await answer.json()) as Json).access_token);
  };
  return {
    url,
    dev,
    audited,
    sent,
    token,
    host: async (user, version) => {
      person = user;
      const host = await createHeadlessHost({ url, version });
      await host.connect();
      return host;
    },
    client: async (...access) => {
      const issued = await token(...access);
      const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
      const authProvider = { token: async () => issued };
      await client.connect(new StreamableHTTPClientTransport(new URL(url), { authProvider }));
      return client;
    },
    close: async () => {
      await application.close();
      await listening.close();
      await dev.close();
    },
  };
}

/** The structured content of a call that succeeded. */
export async function called(client: Client, name: string, args: Json = {}): Promise<Json> {
  const result = await client.callTool({ name, arguments: args });
  if (result.isError) throw new Error(`${name}: ${JSON.stringify(result.content)}`);
  return result.structuredContent as Json;
}

/** The text of a call that failed. */
export async function refused(client: Client, name: string, args: Json = {}): Promise<string> {
  const result = await client.callTool({ name, arguments: args });
  if (!result.isError) throw new Error(`${name} succeeded: ${JSON.stringify(result.content)}`);
  return (result.content as { text: string }[]).map(({ text }) => text).join();
}

/** All items of a list tool, walked page by page. */
export async function walked<T>(client: Client, name: string, args: Json = {}): Promise<T[][]> {
  const pages: T[][] = [];
  let cursor: unknown;
  do {
    const page = await called(client, name, { ...args, ...(cursor === undefined ? {} : { cursor }) });
    pages.push(page.items as T[]);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return pages;
}
