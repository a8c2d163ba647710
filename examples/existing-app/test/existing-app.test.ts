import { readFile } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { jwt } from "@mcp-authz/core";
import { createTokenMint, type TokenMint } from "@mcp-authz/testing";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApplication } from "../src/application.js";

const resource = "https://notes.example.com/mcp";

let mint: TokenMint;
let server: Server;
let origin: string;
let cookie: string;

beforeAll(async () => {
  mint = await createTokenMint({ audience: resource });
  const provider = jwt({ issuer: mint.issuer, jwksUri: mint.jwksUri, audience: resource });
  server = createApplication(resource, provider).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const login = await post("/login", { name: "ada", password: "lovelace" });
  cookie = login.headers.getSetCookie()[0]?.split(";")[0] ?? "";
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await mint.close();
});

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(origin + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

async function clientOf(sub: string, scope: string): Promise<Client> {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
  const token = mint.token({ sub, scope });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${origin}/mcp`), {
      authProvider: { token: async () => token },
    }),
  );
  return client;
}

describe("the application is what it was", () => {
  test("a wrong password is answered in the application's own words", async () => {
    const response = await post("/login", { name: "ada", password: "byron" });
    expect([response.status, await response.json()]).toEqual([401, { message: "Wrong name or password" }]);
  });

  test("a session opens the notes", async () => {
    expect((await post("/notes", { text: "Bernoulli" }, { cookie })).status).toBe(201);
    const response = await fetch(`${origin}/notes`, { headers: { cookie } });
    expect(await response.json()).toEqual([{ id: expect.any(String), text: "Bernoulli" }]);
  });

  test("its CORS still admits its web pages with their cookie", async () => {
    const response = await fetch(`${origin}/notes`, {
      method: "OPTIONS",
      headers: { Origin: "https://notes.example.com", "Access-Control-Request-Method": "POST" },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-credentials")).toBe("true");
    expect(response.headers.get("access-control-allow-headers")).toBe("Content-Type");
  });

  test("its error handler still answers for its own routes", async () => {
    const response = await post("/notes", "{", { cookie });
    expect([response.status, await response.json()]).toEqual([
      400,
      { message: "Sorry, that did not work", code: "entity.parse.failed" },
    ]);
  });

  test("what it does not have is still its own 404", async () => {
    const response = await fetch(`${origin}/elsewhere`);
    expect([response.status, await response.json()]).toEqual([404, { message: "There is no /elsewhere" }]);
  });
});

describe("the two kinds of login stay apart", () => {
  test("a session cookie does not open the MCP endpoint", async () => {
    const response = await post("/mcp", { jsonrpc: "2.0", id: 1, method: "tools/list" }, { cookie });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe(
      'Bearer realm="OAuth", resource_metadata="https://notes.example.com/.well-known/oauth-protected-resource/mcp", scope="notes:read"',
    );
  });

  test("a bearer token does not open the web routes", async () => {
    const response = await fetch(`${origin}/notes`, {
      headers: { Authorization: `Bearer ${mint.token({ sub: "usr_ada", scope: "notes:read" })}` },
    });
    expect([response.status, await response.json()]).toEqual([401, { message: "Log in first" }]);
  });

  test("the MCP endpoint never tells browsers to send cookies", async () => {
    const response = await fetch(`${origin}/mcp`, {
      method: "OPTIONS",
      headers: { Origin: "https://notes.example.com", "Access-Control-Request-Method": "POST" },
    });
    expect(response.status).toBe(204);
    expect(response.headers.has("access-control-allow-credentials")).toBe(false);
  });
});

describe("MCP was added", () => {
  test("in the five lines that the README shows", async () => {
    const read = (path: string) => readFile(new URL(path, import.meta.url), "utf8");
    const [, shown = ""] = /```ts\n(.*?)```/s.exec(await read("../README.md")) ?? [];
    const lines = shown.trimEnd().split("\n");
    expect(lines).toHaveLength(5);
    expect(await read("../src/application.ts")).toContain(lines.map((line) => `  ${line}\n`).join(""));
  });

  test("a note from the AI host is on the web pages of the same person, and of nobody else", async () => {
    const ada = await clientOf("usr_ada", "notes:write");
    await ada.callTool({ name: "add_note", arguments: { text: "From the host" } });
    const response = await fetch(`${origin}/notes`, { headers: { cookie } });
    expect(await response.text()).toContain("From the host");

    const alan = await clientOf("usr_alan", "notes:read");
    expect((await alan.callTool({ name: "list_notes" })).structuredContent).toEqual({ notes: [] });
    await Promise.all([ada.close(), alan.close()]);
  });

  test("writing takes notes:write", async () => {
    const client = await clientOf("usr_ada", "notes:read");
    await expect(client.callTool({ name: "add_note", arguments: { text: "x" } })).rejects.toThrow();
    await client.close();
  });

  test("a body that is not JSON is answered by the gate, not by the application's error handler", async () => {
    const response = await post("/mcp", "{", {
      Authorization: `Bearer ${mint.token({ sub: "usr_ada", scope: "notes:read" })}`,
    });
    expect(await response.json()).toEqual({
      jsonrpc: "2.0",
      error: { code: -32700, message: "Parse error" },
    });
  });
});
