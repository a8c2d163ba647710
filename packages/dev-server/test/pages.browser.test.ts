import { mkdir } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDevServer, type DevServer, reportDecisions } from "../src/index.js";
import { authorizeUrl, claimsOf, newPkce, postForm, postJson } from "./support/oauth.js";

const SHOTS = new URL("../screenshots/", import.meta.url).pathname;
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

describe("the pages, in Chromium", () => {
  let dev: DevServer;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  const client = createServer((_request, response) => response.end("Back at the client"));

  beforeAll(async () => {
    await mkdir(SHOTS, { recursive: true });
    dev = await createDevServer({ banner: false });
    await new Promise<void>((resolve) => client.listen(0, "127.0.0.1", resolve));
    const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
    browser = await chromium.launch({ executablePath, args: FLAGS });
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: "light" });
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  });
  afterAll(async () => {
    await browser.close();
    await Promise.all([dev.close(), new Promise((resolve) => client.close(resolve))]);
  });

  /** A picture in each size and colour, none of which may be wider than its window. */
  async function shoot(name: string): Promise<void> {
    for (const colorScheme of ["light", "dark"] as const) {
      for (const width of [375, 1440]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        expect([name, width, overflow]).toEqual([name, width, 0]);
        await page.evaluate("scrollTo(0, 0)");
        await page.screenshot({ path: `${SHOTS}${name}-${colorScheme}-${width}.png`, fullPage: true });
      }
    }
    await page.emulateMedia({ colorScheme: "light" });
  }

  const entry = (kind: string) => page.locator(`#log-entries li[data-kind="${kind}"] summary`).first();

  it("registers a server, logs in, grants less than asked, sees it in the log, and rotates the keys", async () => {
    await page.goto(`${dev.url}/`);
    await page.getByText("No MCP server is registered yet.").waitFor();
    expect(await page.evaluate("getComputedStyle(document.body).margin")).toBe("0px");
    await shoot("1-empty");

    await page.getByRole("button", { name: "Register server" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Todo");
    await page.getByLabel("Server URL").fill("http://127.0.0.1:3002/mcp");
    await page
      .getByLabel("Scopes")
      .fill("todo:read See your todos\ntodo:write Create, change and delete todos");
    await shoot("2-register");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "Todo" }).waitFor();
    const [server] = dev.servers;
    expect(server).toMatchObject({
      name: "Todo",
      url: "http://127.0.0.1:3002/mcp",
      scopes: [
        { name: "todo:read", description: "See your todos" },
        { name: "todo:write", description: "Create, change and delete todos" },
      ],
    });
    await page.getByText("Metadata JSON and variables").click();
    await expect
      .poll(() => page.locator("pre").first().textContent())
      .toContain(server?.issuer ?? "no issuer");

    const redirect = `http://127.0.0.1:${(client.address() as AddressInfo).port}/callback`;
    const registered = await postJson(`${dev.url}/api/v1/resources/${server?.id}/clients:register`, {
      client_name: "Claude Code",
      redirect_uris: [redirect],
    });
    const clientId = String(registered.body.client_id);
    const pkce = newPkce();
    const start = authorizeUrl(`${server?.issuer}/oauth/authorize`, pkce.challenge, {
      client_id: clientId,
      redirect_uri: redirect,
      resource: "http://127.0.0.1:3002/mcp",
      scope: "todo:read todo:write offline_access",
    });
    await page.goto(start);
    await shoot("3-login");
    await page.getByLabel("E-mail address").fill("max+sktest@globex.example");
    await page.getByRole("button", { name: "Continue with a code" }).click();
    await shoot("4-code");
    await page.getByLabel("Six digits").fill("424242");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("heading", { name: "Claude Code wants to use Todo" }).waitFor();
    await shoot("5-consent");
    await page.getByRole("checkbox", { name: "todo:write" }).uncheck();
    await page.getByRole("button", { name: "Allow" }).click();
    await page.getByText("Back at the client").waitFor();

    const answer = new URL(page.url()).searchParams;
    expect(answer.get("iss")).toBe(server?.issuer);
    const tokens = await postForm(`${server?.issuer}/oauth/token`, {
      grant_type: "authorization_code",
      code: answer.get("code") ?? "",
      code_verifier: pkce.verifier,
      redirect_uri: redirect,
      client_id: clientId,
    });
    expect(claimsOf(tokens.body.access_token)).toMatchObject({
      scopes: ["todo:read"],
      oid: "org_10000000000000000002",
    });

    reportDecisions({ environmentUrl: dev.url, resourceId: server?.id ?? "" })({
      kind: "refused",
      status: 403,
      reason: "scope_insufficient",
      method: "POST",
      operations: [{ method: "tools/call", targets: ["create_todo"] }],
      required: ["todo:write"],
    });
    await page.goto(`${dev.url}/`);
    await entry("decision").getByText("scope_insufficient").waitFor();
    await entry("token").getByText("granted: offline_access todo:read").waitFor();
    await page.getByText("Max Member allows Claude Code").waitFor();

    await page.getByRole("button", { name: "Rotate keys" }).click();
    await page.locator("#key-list .row").nth(1).waitFor();
    expect(((await (await fetch(`${dev.url}/keys`)).json()) as { keys: unknown[] }).keys).toHaveLength(2);
    await entry("keys").waitFor();
    await entry("token").click();
    await shoot("6-after");
    expect(problems).toEqual([]);
  }, 120_000);

  it("breaks the key server and mends it again", async () => {
    await page.goto(`${dev.url}/`);
    await page.getByLabel("Key server").selectOption("html");
    await page.getByText("Changed").waitFor();
    expect((await fetch(`${dev.url}/keys`)).headers.get("content-type")).toBe("text/html");
    await page.getByRole("button", { name: "Mend everything" }).click();
    await page.getByText("Everything works again").waitFor();
    expect((await fetch(`${dev.url}/keys`)).headers.get("content-type")).toBe("application/json");
  });

  it("can be used with the keyboard alone", async () => {
    await page.goto(`${dev.url}/`);
    await page.getByRole("heading", { name: "Todo" }).waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the MCP servers");
    await page.getByRole("button", { name: "Edit Todo" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Edit Todo" }).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("Edit");
  });
});
