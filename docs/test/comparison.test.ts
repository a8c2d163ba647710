import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createTokenMint, type TokenMint } from "@mcp-authz/testing";
import express, { type RequestHandler } from "express";
import { expect, test, vi } from "vitest";
import { type Guard, guards, resource } from "./guards.js";
import { repository } from "./pages.js";

const { dependencies } = JSON.parse(readFileSync(`${repository}docs/package.json`, "utf8"));

vi.spyOn(console, "warn").mockImplementation(() => {});

/** What happens, in words; each probe has a mint and a server of its own. */
type Probe = (call: Call, mint: TokenMint) => Promise<string>;
type Call = (token?: string, path?: string) => Promise<Response>;

/** By the row of the table in the README. */
const probes: Readonly<Record<string, Probe>> = {
  "no token": async (call) => {
    const answer = await call();
    return `${answer.status}${challengeOf(answer)}`;
  },
  "expired, forged, or for somebody else": async (call, mint) => {
    const tokens = [mint.wrong("expired"), mint.token({ aud: "https://other.example.com" }), forged(mint)];
    return verdictOf(await Promise.all(tokens.map((token) => call(token))));
  },
  "without `exp`": async (call, mint) => verdictOf([await call(mint.token({ exp: undefined }))]),
  "a logout token": async (call, mint) =>
    verdictOf([await call(mint.token({}, { header: { typ: "logout+jwt" } }))]),
  "`/mcp/.well-known/x`, no token": async (call) => verdictOf([await call(undefined, "/mcp/.well-known/x")]),
  "a scope too few": async (call, mint) => {
    const answer = await call(mint.token({ scope: "profile" }));
    return answer.status === 200 ? "served" : `${answer.status}${challengeOf(answer)}`;
  },
  "signed with a key of this minute": async (call, mint) => {
    await call(mint.token());
    await mint.rotate();
    return verdictOf([await call(mint.token())]);
  },
  "key server down from the start": async (call, mint) => {
    await mint.outage("500");
    const answer = await call(mint.token());
    return `${answer.status}${answer.headers.has("retry-after") ? ", `Retry-After`" : ""}`;
  },
};

test.each(Object.entries(probes))("the README's comparison is what happens: %s", async (row, probe) => {
  const happened = await Promise.all(Object.values(guards).map((guard) => outcomeOf(guard, probe)));
  expect({ [row]: cellsOf(row) }).toEqual({ [row]: happened });
});

test("the README compares nothing that is not tried", () => {
  const rows = comparison()
    .split("\n")
    .filter((line) => line.startsWith("| "));
  const [, , ...named] = rows.map((line) => line.split("|")[1]?.trim());
  expect(named).toEqual(Object.keys(probes));
});

test("the README names the versions that are tried", () => {
  const named = [...comparison().matchAll(/`([^`]+)` (\d+\.\d+\.\d+)/g)];
  const versions = Object.fromEntries(named.map(([, name, version]) => [name, version]));
  expect(Object.keys(versions)).toContain("mcp-auth");
  expect(dependencies).toMatchObject(versions);
});

async function outcomeOf(guard: Guard, probe: Probe): Promise<string> {
  const mint = await createTokenMint({ audience: resource, algorithms: ["RS256"] });
  const server = express()
    .use(await guard(mint), serving)
    .listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const call: Call = (token, path = "/mcp") =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
    });
  try {
    return await probe(call, mint);
  } finally {
    server.close();
    server.closeAllConnections();
    await mint.close();
  }
}

const serving: RequestHandler = (request, response) => {
  response.status(request.path.startsWith("/mcp") ? 200 : 404).end("served");
};

function forged(mint: TokenMint): string {
  return mint.sign({ alg: "ES256", typ: "at+jwt", kid: mint.key().kid }, mint.claims(), mint.attacker);
}

/** What a host can do with an answer: find the login, and what to ask for there. */
function challengeOf({ headers }: Response): string {
  const challenge = headers.get("www-authenticate") ?? "";
  const parts = [
    ...(challenge.includes("resource_metadata=") ? ["metadata"] : []),
    ...(/[ ,]scope="[^"]*todo:read"/.test(challenge) ? ["scope"] : []),
  ];
  return parts.length > 0 ? `, with ${parts.join(" and ")}` : ", no challenge";
}

function verdictOf(answers: readonly Response[]): string {
  const statuses = [...new Set(answers.map(({ status }) => (status === 200 ? "served" : String(status))))];
  return statuses.join(", ");
}

/** What the README says beside the alternatives. */
function comparison(): string {
  const readme = readFileSync(`${repository}README.md`, "utf8");
  return /^## Beside the alternatives$(.*?)^## /ms.exec(readme)?.[1] ?? "";
}

function cellsOf(row: string): string[] {
  const line =
    comparison()
      .split("\n")
      .find((candidate) => candidate.startsWith(`| ${row} |`)) ?? "";
  return line
    .split("|")
    .slice(2, -1)
    .map((cell) => cell.trim());
}
