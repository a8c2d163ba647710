import { afterEach, expect, test } from "vitest";
import { type Greeting, startGreeting } from "./greeting.js";

let greeting: Greeting;
afterEach(() => greeting.close());

const ready = async () => (await fetch(`${greeting.origin}/ready`)).status;

test("a server whose keys are there is alive and ready", async () => {
  greeting = await startGreeting();
  expect(await (await fetch(`${greeting.origin}/health`)).json()).toEqual({ status: "ok" });
  await expect.poll(ready).toBe(200);
});

test("a server that never got the keys is alive, but not ready", async () => {
  greeting = await startGreeting({}, (dev) => dev.setKeyServer("error"));
  await expect.poll(() => greeting.dev.requests.some(({ kind }) => kind === "keys")).toBe(true);
  expect(await ready()).toBe(503);
  expect((await fetch(`${greeting.origin}/health`)).status).toBe(200);
});

test("what is neither the endpoint nor a probe is not found, and has an id to ask about", async () => {
  greeting = await startGreeting();
  const response = await fetch(`${greeting.origin}/elsewhere?access_token=secret`);
  expect(response.status).toBe(404);
  expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  await expect.poll(() => greeting.log.join("")).toContain('"path":"/elsewhere"');
  expect(greeting.log.join("")).not.toContain("secret");
});
