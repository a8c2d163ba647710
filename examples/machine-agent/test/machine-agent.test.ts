import { fileURLToPath } from "node:url";
import { createDevServer, type DevServer } from "@mcp-authz/dev-server";
import { freePort, type Listening, listen, startProgram } from "@mcp-authz/example-stage";
import { scalekit } from "@mcp-authz/scalekit";
import { createHeadlessHost } from "@mcp-authz/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectAgent } from "../src/agent.js";
import { connectAgentV1 } from "../src/agent-v1.js";
import { createReportServer } from "../src/server.js";

const all = { id: "m2m_all", secret: "secret-of-all", server: "res_reports" };
const reader = { ...all, id: "m2m_reader", scopes: ["reports:read"] };

let dev: DevServer;
let server: Listening;
let url: string;

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}/mcp`;
  dev = await createDevServer({
    banner: false,
    servers: [{ id: "res_reports", name: "Reports", url, scopes: ["reports:read", "reports:publish"] }],
    clients: [all, reader],
  });
  const provider = scalekit({ environmentUrl: dev.url, resourceId: "res_reports" });
  server = await listen(createReportServer(url, provider), port);
});
afterAll(async () => {
  await server.close();
  await dev.close();
});

/** An answer of the MCP endpoint. */
interface Answer {
  readonly status: number;
  readonly challenge: string | null;
}

async function startAgent(version: 1 | 2, { id, secret }: typeof all) {
  const answers: Answer[] = [];
  const recording: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const { status, headers } = response;
    if (new Request(input).url === url) answers.push({ status, challenge: headers.get("www-authenticate") });
    return response;
  };
  const issuer = `${dev.url}/resources/res_reports`;
  const options = { url, issuer, clientId: id, clientSecret: secret, fetch: recording };
  const agent = await (version === 1 ? connectAgentV1(options) : connectAgent(options));
  return { agent, answers };
}

const tokenRequests = () => dev.requests.filter(({ kind }) => kind === "token").length;

describe.each([1, 2] as const)("an agent on the MCP SDK v%i", (version) => {
  test("gets a token by itself and is known as what it is", async () => {
    const before = tokenRequests();
    const { agent } = await startAgent(version, all);
    const { structuredContent } = await agent.callTool({ name: "list_reports", arguments: {} });
    expect(structuredContent).toMatchObject({ asked_by: "m2m_all", kind: "client" });
    expect(tokenRequests()).toBe(before + 1);
    await agent.close();
  });

  test.each([
    ["that has every scope", all],
    ["that may only read", reader],
  ])("%s is refused once where a person is needed, and does not ask for another token", async (_, client) => {
    const { agent, answers } = await startAgent(version, client);
    const before = tokenRequests();
    answers.length = 0;
    await expect(agent.callTool({ name: "publish_report", arguments: { id: "2026-q1" } })).rejects.toThrow();
    expect(answers.filter(({ status }) => status !== 405)).toEqual([{ status: 403, challenge: null }]);
    expect(tokenRequests()).toBe(before);
    await agent.close();
  });

  test("a person with a host gets further", async () => {
    const host = await createHeadlessHost({ url, version });
    await host.connect();
    const { structuredContent } = await host.callTool("publish_report", { id: "2026-q2" });
    expect(structuredContent).toMatchObject({ report: { published_by: dev.users[0]?.id } });
    await host.close();
  });
});

test("one command plays the story", async () => {
  const program = startProgram(fileURLToPath(new URL("../dist/main.js", import.meta.url)));
  await program.printed(/"kind":"client"/);
  await program.printed(/refused: /);
  expect(await program.ended).toBe(0);
});
