import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDevServer, type DevServer } from "../src/index.js";
import { Browser, csrfOf } from "./support/browser.js";
import {
  authorizeUrl,
  claimsOf,
  endpoints,
  newPkce,
  postForm,
  REDIRECT,
  registerClient,
  theServer,
} from "./support/oauth.js";

describe("the consent page", () => {
  let dev: DevServer;
  let clientId: string;
  beforeAll(async () => {
    dev = await createDevServer({
      banner: false,
      servers: [
        {
          name: "Todo",
          url: "http://127.0.0.1:3002/mcp",
          scopes: [{ name: "todo:read", description: "See your todos" }, "todo:write"],
        },
      ],
      users: [
        { id: "usr_1", email: "ada@acme.example", name: "Ada", organizationId: "org_1" },
        { id: "usr_2", email: "max@globex.example", name: "Max" },
      ],
    });
    clientId = await registerClient(dev, { client_name: "<b>Claude</b>" });
  });
  afterAll(() => dev.close());

  const pkce = newPkce();
  const begin = (params: Record<string, string> = {}): string =>
    authorizeUrl(endpoints(dev, theServer(dev)).authorize, pkce.challenge, {
      client_id: clientId,
      resource: "http://127.0.0.1:3002/mcp",
      scope: "todo:read todo:write",
      ...params,
    });

  const submit = (
    browser: Browser,
    url: string,
    form: [string, string][],
    headers: Record<string, string> = {},
  ) => browser.follow(url, { method: "POST", body: new URLSearchParams(form), headers });

  /** Logs in as this user with one click, and arrives at the consent page. */
  async function arrive(browser: Browser, user = "usr_1", params: Record<string, string> = {}) {
    const page = await browser.follow(begin(params));
    if (!page.html.includes("<h1>Log in</h1>")) return page;
    return submit(browser, page.url, [
      ["csrf", csrfOf(page.html)],
      ["user", user],
    ]);
  }

  async function tokens(location: string | null) {
    const code = new URL(location ?? "").searchParams.get("code") ?? "";
    const form = {
      grant_type: "authorization_code",
      code,
      code_verifier: pkce.verifier,
      redirect_uri: REDIRECT,
      client_id: clientId,
    };
    return (await postForm(endpoints(dev, theServer(dev)).token, form)).body;
  }

  it("shows who is logged in, client, redirect host, server and scopes, with foreign text as text", async () => {
    const page = await arrive(new Browser());
    expect(page.status).toBe(200);
    expect(page.html).toContain("&#60;b&#62;Claude&#60;/b&#62; wants to use Todo");
    expect(page.html).not.toContain("<b>Claude");
    for (const text of [
      "127.0.0.1:8976",
      "http://127.0.0.1:3002/mcp",
      "todo:read",
      "See your todos",
      "todo:write",
    ]) {
      expect(page.html).toContain(text);
    }
    expect(page.html).toContain("ada@acme.example · org_1");
  });

  it("cannot be framed, runs no script and is not cached", async () => {
    const { headers } = await arrive(new Browser());
    expect(headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; style-src 'nonce-[^']+'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("grants the scopes that stay ticked, to the user who logged in", async () => {
    const browser = new Browser();
    const page = await arrive(browser, "usr_2");
    const done = await submit(browser, page.url, [
      ["csrf", csrfOf(page.html)],
      ["scope", "todo:read"],
      ["decision", "allow"],
    ]);
    expect(done.location).toMatch(/^http:\/\/127\.0\.0\.1:8976\/callback\?code=/);
    expect(claimsOf((await tokens(done.location)).access_token)).toMatchObject({
      sub: "usr_2",
      scopes: ["todo:read"],
    });
  });

  it("grants nothing that was not asked for", async () => {
    const browser = new Browser();
    const page = await arrive(browser, "usr_1", { scope: "todo:read" });
    const done = await submit(browser, page.url, [
      ["csrf", csrfOf(page.html)],
      ["scope", "todo:read"],
      ["scope", "todo:write"],
      ["decision", "allow"],
    ]);
    expect(claimsOf((await tokens(done.location)).access_token).scopes).toEqual(["todo:read"]);
  });

  it("asks for consent again every time, but not for a login", async () => {
    const browser = new Browser();
    for (const scope of ["todo:read", "todo:write"]) {
      const page = await arrive(browser);
      const done = await submit(browser, page.url, [
        ["csrf", csrfOf(page.html)],
        ["scope", scope],
        ["decision", "allow"],
      ]);
      expect(claimsOf((await tokens(done.location)).access_token).scopes).toEqual([scope]);
    }
    expect((await browser.follow(begin())).html).toContain("wants to use Todo");
  });

  it("lets another user take over the browser", async () => {
    const browser = new Browser();
    const page = await arrive(browser);
    const again = await submit(browser, page.url, [
      ["csrf", csrfOf(page.html)],
      ["decision", "switch"],
    ]);
    expect(again.html).toContain("<h1>Log in</h1>");
    const consent = await submit(browser, again.url, [
      ["csrf", csrfOf(again.html)],
      ["user", "usr_2"],
    ]);
    const done = await submit(browser, consent.url, [
      ["csrf", csrfOf(consent.html)],
      ["scope", "todo:read"],
      ["decision", "allow"],
    ]);
    expect(claimsOf((await tokens(done.location)).access_token).sub).toBe("usr_2");
  });

  it("tells the client when the user denies", async () => {
    const browser = new Browser();
    const page = await arrive(browser);
    const done = await submit(browser, page.url, [
      ["csrf", csrfOf(page.html)],
      ["decision", "deny"],
    ]);
    const answer = new URL(done.location ?? "").searchParams;
    expect([answer.get("error"), answer.get("state")]).toEqual(["access_denied", "state-1"]);
    expect(answer.get("iss")).toBe(theServer(dev).issuer);
  });

  it.each([
    ["without the page's token", "", {}],
    ["with another page's token", "x".repeat(43), {}],
    ["from another origin", undefined, { origin: "http://127.0.0.1:9999" }],
    ["from an opaque origin", undefined, { origin: "null" }],
  ])("takes no decision %s", async (_what, csrf, headers) => {
    const browser = new Browser();
    const page = await arrive(browser);
    const form: [string, string][] = [
      ["csrf", csrf ?? csrfOf(page.html)],
      ["decision", "allow"],
    ];
    const refused = await submit(browser, page.url, form, headers);
    expect(refused.status).toBe(403);
    expect(refused.location).toBeNull();
  });

  it("takes no decision from another browser, even with the page's token", async () => {
    const page = await arrive(new Browser());
    const refused = await submit(new Browser(), page.url, [
      ["csrf", csrfOf(page.html)],
      ["decision", "allow"],
    ]);
    expect(refused.status).toBe(400);
  });

  it("takes a decision once", async () => {
    const browser = new Browser();
    const page = await arrive(browser);
    const form: [string, string][] = [
      ["csrf", csrfOf(page.html)],
      ["decision", "allow"],
    ];
    await submit(browser, page.url, form);
    expect((await submit(browser, page.url, form)).status).toBe(400);
  });
});
