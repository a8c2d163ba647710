import { fileURLToPath } from "node:url";
import type { GateEvent } from "@mcp-authz/core";
import type { DevServer } from "@mcp-authz/dev-server";
import { freePort, listen, startProgram } from "@mcp-authz/example-stage";
import { createHeadlessHost, type HeadlessHost } from "@mcp-authz/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Environment, localEnvironment } from "../src/environment.js";
import { start } from "../src/start.js";

const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

let environment: Environment;
let dev: DevServer;
let servers: { close(): Promise<unknown> };
let url: string;
let api: string;
const apiEvents: GateEvent[] = [];
const payroll = "http://127.0.0.1:9/payroll";

beforeAll(async () => {
  url = `http://127.0.0.1:${await freePort()}/mcp`;
  api = `http://127.0.0.1:${await freePort()}/calendar`;
  ({ environment, dev } = await localEnvironment(url, api));
  const onApiEvent = (event: GateEvent) => apiEvents.push(event);
  // The list has one more than the authorization server allows: it is the second lock on the same door.
  servers = await start({ url, api, audiences: [api, payroll], onApiEvent }, environment);
});
afterAll(async () => {
  await servers.close();
  await environment.close();
});

const exchanges = () => dev.requests.filter(({ grantType }) => grantType === EXCHANGE);

describe.each([1, 2] as const)("a host on the MCP SDK v%i", (version) => {
  let host: HeadlessHost;
  beforeEach(async () => {
    apiEvents.length = 0;
    host = await createHeadlessHost({ url, version });
    await host.connect();
  });
  afterEach(() => host.close());

  test("sees the calendar of the person in front of it, whom the API knows by itself", async () => {
    const before = exchanges().length;
    const { structuredContent } = await host.callTool("list_events");
    const person = dev.users[0]?.id;
    expect(structuredContent).toEqual({
      events: ["10:00 Analytical engine, second review"],
      owner: person,
      read_by: "skc_assistant",
    });
    expect(exchanges().slice(before)).toMatchObject([
      { status: 200, clientId: "skc_assistant", resource: api, scope: "calendar:read" },
    ]);
    expect(apiEvents).toMatchObject([
      { kind: "granted", principal: { subject: person, kind: "person", clientId: "skc_assistant" } },
    ]);
  });

  test("cannot use its own token at the API", async () => {
    await host.callTool("list_events");
    apiEvents.length = 0;
    const response = await fetch(`${api}/events`, {
      headers: { Authorization: `Bearer ${host.accessToken}` },
    });
    expect(response.status).toBe(401);
    expect(apiEvents).toMatchObject([{ kind: "refused", reason: "token_audience" }]);
  });

  test("cannot make the server ask for a token for an API that is not on the list, or call it", async () => {
    const visits: (string | undefined)[] = [];
    const trap = await listen((request, response) => {
      visits.push(request.url);
      response.end();
    }, 0);
    const before = dev.requests.length;
    const result = await host.callTool("list_events", { calendar: `${trap.origin}/calendar` });
    expect(result).toMatchObject({
      isError: true,
      content: [{ type: "text", text: "That calendar is not one that this server may read." }],
    });
    expect(dev.requests).toHaveLength(before);
    expect(visits).toEqual([]);
    await trap.close();
  });

  test("learns no more than that it did not work when the authorization server refuses", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const result = await host.callTool("list_events", { calendar: payroll });
    expect(result).toMatchObject({
      isError: true,
      content: [{ type: "text", text: "The calendar cannot be read right now. Try again later." }],
    });
    expect(log).toHaveBeenCalledWith("ExchangeRefused: 400 invalid_target");
    log.mockRestore();
  });
});

test("without a token, the API says as any resource server does where to get one", async () => {
  const response = await fetch(`${api}/events`);
  expect(response.status).toBe(401);
  const { origin } = new URL(api);
  expect(response.headers.get("www-authenticate")).toBe(
    `Bearer realm="OAuth", resource_metadata="${origin}/.well-known/oauth-protected-resource/calendar", scope="calendar:read"`,
  );
});

test("one command is enough", async () => {
  const program = startProgram(fileURLToPath(new URL("../dist/main.js", import.meta.url)));
  const [, endpoint = ""] = await program.printed(/MCP endpoint\s+(\S+)[\s\S]+today's events/);
  const host = await createHeadlessHost({ url: endpoint, version: 2 });
  await host.connect();
  expect((await host.callTool("list_events")).structuredContent).toMatchObject({ read_by: "skc_assistant" });
  await host.close();
  expect(await program.stop()).toBe(0);
});
