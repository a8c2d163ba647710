import { createHeadlessHost } from "@mcp-authz/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RateLimit } from "../src/rate-limit.js";
import { type Greeting, startGreeting } from "./greeting.js";

test("a caller has so many requests a minute, and gets them back as time goes by", () => {
  let now = 0;
  const limit = new RateLimit(2, () => now);
  expect([limit.take("ada"), limit.take("ada"), limit.take("ada")]).toEqual([undefined, undefined, 30]);
  now += 20_000;
  expect(limit.take("ada")).toBe(10);
  now += 10_000;
  expect([limit.take("ada"), limit.take("ada")]).toEqual([undefined, 30]);
});

test("a caller who asks too much takes nothing from another", () => {
  const limit = new RateLimit(1, () => 0);
  expect([limit.take("ada"), limit.take("ada"), limit.take("max")]).toEqual([undefined, 60, undefined]);
});

describe("a server that allows one caller three requests a minute", () => {
  let greeting: Greeting;
  beforeAll(async () => {
    greeting = await startGreeting({ RATE_LIMIT: "3" });
  });
  afterAll(() => greeting.close());

  const call = (token: string) =>
    fetch(greeting.url, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${token}`,
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
    });

  test("answers the next one with 429 and when to come back, and serves everybody else", async () => {
    const host = await createHeadlessHost({ url: greeting.url, version: 1 });
    await host.connect();
    const token = host.accessToken ?? "";
    for (let answers = 0; (await call(token)).status === 200; answers += 1) expect(answers).toBeLessThan(3);
    const refused = await call(token);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused.headers.get("www-authenticate")).toBeNull();
    await expect(host.callTool("greet_user", { name: "Grace" })).rejects.toThrow("Too many requests");
    await host.close();

    const form = { grant_type: "client_credentials", client_id: "m2m_other", client_secret: "secret" };
    const answer = await fetch(`${greeting.dev.url}/resources/res_greeting/oauth/token`, {
      method: "POST",
      body: new URLSearchParams(form),
    });
    const { access_token: other } = (await answer.json()) as { access_token: string };
    expect((await call(other)).status).toBe(200);
  });
});
