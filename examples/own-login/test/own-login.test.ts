import { fileURLToPath } from "node:url";
import { freePort, type Listening, startProgram } from "@mcp-authz/example-stage";
import { createHeadlessHost } from "@mcp-authz/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Environment, localEnvironment } from "../src/environment.js";
import { start } from "../src/start.js";
import { personAt } from "./person.js";

const ada = { email: "ada@own.example", password: "difference" };

let environment: Environment;
let server: Listening;
let url: string;

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}/mcp`;
  environment = await localEnvironment(url);
  server = await start(url, port, environment);
});
afterAll(async () => {
  await server.close();
  await environment.close();
});

describe.each([1, 2] as const)("a host on the MCP SDK v%i", (version) => {
  test("logs in at the application's own page, and whoami is the application's user", async () => {
    const person = personAt(server.origin, ada);
    const host = await createHeadlessHost({ url, version, fetch: person.fetch });
    await host.connect();
    expect(person.visited).toEqual(["GET /login", "POST /login"]);
    expect((await host.callTool("whoami")).structuredContent).toEqual({
      id: "ada-1815",
      name: "Ada Lovelace",
      email: "ada@own.example",
      plan_in_token: "pro",
    });
    await host.close();
  });

  test("gets no token with a wrong password", async () => {
    const person = personAt(server.origin, { ...ada, password: "engine" });
    const host = await createHeadlessHost({ url, version, fetch: person.fetch });
    await expect(host.connect()).rejects.toThrow("Wrong e-mail address or password");
    expect(host.accessToken).toBeUndefined();
  });

  test("is told when the person cancels", async () => {
    const person = personAt(server.origin, { decision: "cancel" });
    const host = await createHeadlessHost({ url, version, fetch: person.fetch });
    await expect(host.connect()).rejects.toThrow();
    expect(host.steps.some((step) => step.kind === "authorized")).toBe(false);
    const redirects = host.steps.flatMap((step) =>
      step.kind === "request" ? (step.answer.headers["location"] ?? []) : [],
    );
    expect(redirects.at(-1)).toContain("error=access_denied");
  });
});

describe("the login page", () => {
  const post = (form: Record<string, string>, cookie = "") =>
    fetch(`${server.origin}/login`, {
      method: "POST",
      redirect: "manual",
      headers: { cookie },
      body: new URLSearchParams(form),
    });

  test("is still the application's own, without a login request", async () => {
    const response = await post({ ...ada, decision: "login" });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/"]);
    const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const home = await fetch(server.origin, { headers: { cookie } });
    expect(await home.text()).toContain("Hello, Ada Lovelace.");
  });

  test("asks whoever is logged in already, and does not go on by itself", async () => {
    const { headers } = await post({ ...ada, decision: "login" });
    const cookie = headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const response = await fetch(`${server.origin}/login?login_request_id=lri_1&state=s`, {
      headers: { cookie },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toBe("frame-ancestors 'none'");
    expect(await response.text()).toContain("Go on as Ada Lovelace?");
  });

  test("goes on for nobody without a session", async () => {
    const response = await post({ decision: "continue", login_request_id: "lri_1", state: "s" });
    expect(response.status).toBe(401);
  });

  test("says so when nobody waits for the login any more", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const response = await post({ ...ada, decision: "login", login_request_id: "lri_1", state: "s" });
    expect(response.status).toBe(502);
    expect(await response.text()).toContain("This login is over.");
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });

  test("shows what came in the address as text", async () => {
    const state = '"><script>alert(1)</script>';
    const query = new URLSearchParams({ login_request_id: "lri_1", state });
    const html = await (await fetch(`${server.origin}/login?${query}`)).text();
    expect(html).not.toContain("<script>");
  });
});

test("one command is enough", async () => {
  const program = startProgram(fileURLToPath(new URL("../dist/main.js", import.meta.url)));
  const [, endpoint = ""] = await program.printed(/MCP endpoint\s+(\S+)[\s\S]+own page/);
  const person = personAt(new URL(endpoint).origin, ada);
  const host = await createHeadlessHost({ url: endpoint, version: 2, fetch: person.fetch });
  await host.connect();
  expect((await host.callTool("whoami")).structuredContent).toMatchObject({ id: "ada-1815" });
  await host.close();
  expect(await program.stop()).toBe(0);
});
