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

  it("shows client, redirect host, server, scopes and users, with foreign text as text", async () => {
    const page = await new Browser().follow(begin());
    expect(page.status).toBe(200);
    expect(page.html).toContain("&#60;b&#62;Claude&#60;/b&#62; wants to use Todo");
    expect(page.html).not.toContain("<b>Claude");
    for (const text of [
      "127.0.0.1:8976",
      "http://127.0.0.1:3002/mcp",
      "todo:read",
      "See your todos",
      "todo:write",
      "Ada",
      "Max",
    ]) {
      expect(page.html).toContain(text);
    }
  });

  it("cannot be framed, runs no script and is not cached", async () => {
    const { headers } = await new Browser().follow(begin());
    expect(headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; style-src 'nonce-[^']+'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("grants the scopes that stay ticked, to the user who was chosen", async () => {
    const browser = new Browser();
    const page = await browser.follow(begin());
    const done = await submit(browser, page.url, [
      ["csrf", csrfOf(page.html)],
      ["user", "usr_2"],
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
    const page = await browser.follow(begin({ scope: "todo:read" }));
    const done = await submit(browser, page.url, [
      ["csrf", csrfOf(page.html)],
      ["user", "usr_1"],
      ["scope", "todo:read"],
      ["scope", "todo:write"],
      ["decision", "allow"],
    ]);
    expect(claimsOf((await tokens(done.location)).access_token).scopes).toEqual(["todo:read"]);
  });

  it("asks again every time, and lets another user take over the browser", async () => {
    const browser = new Browser();
    for (const user of ["usr_1", "usr_2", "usr_1"]) {
      const page = await browser.follow(begin());
      const done = await submit(browser, page.url, [
        ["csrf", csrfOf(page.html)],
        ["user", user],
        ["scope", "todo:write"],
        ["decision", "allow"],
      ]);
      expect(claimsOf((await tokens(done.location)).access_token)).toMatchObject({
        sub: user,
        scopes: ["todo:write"],
      });
    }
  });

  it("tells the client when the user denies", async () => {
    const browser = new Browser();
    const page = await browser.follow(begin());
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
    const page = await browser.follow(begin());
    const form: [string, string][] = [
      ["csrf", csrf ?? csrfOf(page.html)],
      ["user", "usr_1"],
      ["decision", "allow"],
    ];
    const refused = await submit(browser, page.url, form, headers);
    expect(refused.status).toBe(403);
    expect(refused.location).toBeNull();
  });

  it("takes no decision from another browser, even with the page's token", async () => {
    const page = await new Browser().follow(begin());
    const refused = await submit(new Browser(), page.url, [
      ["csrf", csrfOf(page.html)],
      ["user", "usr_1"],
      ["decision", "allow"],
    ]);
    expect(refused.status).toBe(400);
  });

  it("takes a decision once", async () => {
    const browser = new Browser();
    const page = await browser.follow(begin());
    const form: [string, string][] = [
      ["csrf", csrfOf(page.html)],
      ["user", "usr_1"],
      ["decision", "allow"],
    ];
    await submit(browser, page.url, form);
    expect((await submit(browser, page.url, form)).status).toBe(400);
  });
});
