import { create } from "@bufbuild/protobuf";
import { ScalekitClient } from "@scalekit-sdk/node";
import {
  ConnectionType,
  CreateConnectionSchema,
} from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDevServer, type DevServer } from "../src/index.js";
import { Browser, csrfOf } from "./support/browser.js";
import {
  authorizeUrl,
  call,
  claimsOf,
  endpoints,
  newPkce,
  postForm,
  REDIRECT,
  registerClient,
  theServer,
} from "./support/oauth.js";

const pkce = newPkce();

function begin(dev: DevServer, clientId: string, params: Record<string, string> = {}): string {
  return authorizeUrl(endpoints(dev, theServer(dev)).authorize, pkce.challenge, {
    client_id: clientId,
    scope: "todo:read",
    ...params,
  });
}

type Visited = Awaited<ReturnType<Browser["follow"]>>;

function submit(browser: Browser, page: Visited, form: Record<string, string>): Promise<Visited> {
  const body = new URLSearchParams({ csrf: csrfOf(page.html), ...form });
  return browser.follow(page.url, { method: "POST", body });
}

async function claimsAfter(dev: DevServer, clientId: string, location: string | null) {
  const code = new URL(location ?? "").searchParams.get("code") ?? "";
  const reply = await postForm(endpoints(dev, theServer(dev)).token, {
    grant_type: "authorization_code",
    code,
    code_verifier: pkce.verifier,
    redirect_uri: REDIRECT,
    client_id: clientId,
  });
  return claimsOf(reply.body.access_token);
}

describe("the login page", () => {
  let dev: DevServer;
  let clientId: string;
  beforeAll(async () => {
    dev = await createDevServer({
      banner: false,
      servers: [{ name: "Todo", scopes: ["todo:read"] }],
      organizations: [
        { id: "org_1", name: "Acme" },
        { id: "org_2", name: "Globex", externalId: "globex" },
      ],
      users: [
        {
          id: "usr_1",
          email: "ada+sktest@acme.example",
          organizationId: "org_1",
          otherOrganizationIds: ["org_2"],
        },
        { id: "usr_2", email: "max@globex.example", organizationId: "org_2" },
      ],
    });
    clientId = await registerClient(dev);
  });
  afterAll(() => dev.close());

  /** Allows everything on the consent page, and returns the claims of the token. */
  async function allow(browser: Browser, page: Visited) {
    expect(page.html).toContain("wants to use Todo");
    const done = await submit(browser, page, { scope: "todo:read", decision: "allow" });
    return claimsAfter(dev, clientId, done.location);
  }

  it("logs in by e-mail and the static code, where the address has +sktest", async () => {
    const browser = new Browser();
    const login = await browser.follow(begin(dev, clientId));
    const code = await submit(browser, login, { email: "new+sktest@acme.example" });
    expect(code.html).toContain("Enter the code");
    const wrong = await submit(browser, code, { email: "new+sktest@acme.example", code: "111111" });
    expect(wrong.html).toContain("That is not the code");
    const consent = await submit(browser, wrong, { email: "new+sktest@acme.example", code: "424242" });
    const claims = await allow(browser, consent);
    expect(dev.users.find((user) => user.id === claims.sub)?.email).toBe("new+sktest@acme.example");
  });

  it("has no code for other addresses", async () => {
    const browser = new Browser();
    const login = await browser.follow(begin(dev, clientId));
    const code = await submit(browser, login, { email: "max@globex.example" });
    const refused = await submit(browser, code, { email: "max@globex.example", code: "424242" });
    expect(refused.html).toContain("Only addresses with +sktest in them have a code");
  });

  it("asks which organization, when the user has several, and puts it into the token", async () => {
    const browser = new Browser();
    const login = await browser.follow(begin(dev, clientId));
    const choice = await submit(browser, login, { user: "usr_1" });
    expect(choice.html).toContain("Choose an organization");
    const consent = await submit(browser, choice, { user: "usr_1", organization: "org_2" });
    expect(consent.html).toContain("ada+sktest@acme.example · Globex");
    expect(await allow(browser, consent)).toMatchObject({ sub: "usr_1", oid: "org_2", xoid: "globex" });
  });

  it("does not let a user into an organization that is not theirs", async () => {
    const browser = new Browser();
    const login = await browser.follow(begin(dev, clientId));
    const consent = await submit(browser, login, { user: "usr_2", organization: "org_1" });
    expect((await allow(browser, consent)).oid).toBe("org_2");
  });

  it("plays social login, where a new address becomes a user", async () => {
    const browser = new Browser();
    const login = await browser.follow(begin(dev, clientId));
    const google = await browser.follow(`${login.url}?method=google`);
    expect(google.html).toContain("This plays Google");
    const consent = await submit(browser, google, { method: "google", email: "eve@mail.example" });
    const claims = await allow(browser, consent);
    expect(dev.users.find((user) => user.id === claims.sub)?.email).toBe("eve@mail.example");
  });

  it("plays enterprise SSO of an organization, which brings its members along", async () => {
    const browser = new Browser();
    const login = await browser.follow(begin(dev, clientId));
    const organizations = await browser.follow(`${login.url}?method=sso`);
    expect(organizations.html).toContain("Which organization?");
    const provider = await browser.follow(`${login.url}?method=sso&organization=org_2`);
    expect(provider.html).toContain("This plays the identity provider of Globex");
    const form = { method: "sso", organization: "org_2", email: "zoe@globex.example" };
    expect(await allow(browser, await submit(browser, provider, form))).toMatchObject({ oid: "org_2" });
  });

  it("lets nobody in by an organization's own identity provider while that is off", async () => {
    const { SCALEKIT_CLIENT_ID: id, SCALEKIT_CLIENT_SECRET: secret } = dev.env;
    const sdk = new ScalekitClient(dev.url, id, secret);
    const connection = create(CreateConnectionSchema, { type: ConnectionType.SAML });
    const made = await sdk.connection.createConnection("org_2", connection);
    const browser = new Browser();
    const login = await browser.follow(begin(dev, clientId));
    expect((await browser.follow(`${login.url}?method=sso`)).html).not.toContain("Globex");
    const form = { method: "sso", organization: "org_2", email: "zed@globex.example" };
    const refused = await submit(browser, login, form);
    expect(refused.html).toContain("The identity provider of this organization is switched off.");
    await sdk.connection.enableConnection("org_2", made.connection?.id ?? "");
    expect(await allow(browser, await submit(browser, refused, form))).toMatchObject({ oid: "org_2" });
    await sdk.connection.deleteConnection("org_2", made.connection?.id ?? "");
  });
});

describe("somebody's own login page", () => {
  const LOGIN = "http://127.0.0.1:3999/login";

  async function start(approve: "page" | "auto") {
    const dev = await createDevServer({
      banner: false,
      approve,
      servers: [{ name: "Todo", scopes: ["todo:read"], customLogin: { url: LOGIN, connectionId: "conn_1" } }],
    });
    const { env } = dev;
    const sdk = new ScalekitClient(
      env.SCALEKIT_ENVIRONMENT_URL,
      env.SCALEKIT_CLIENT_ID,
      env.SCALEKIT_CLIENT_SECRET,
    );
    return { dev, sdk, clientId: await registerClient(dev) };
  }

  async function arrive(dev: DevServer, clientId: string) {
    const browser = new Browser();
    const away = await browser.follow(begin(dev, clientId));
    const url = new URL(away.location ?? "");
    expect(url.origin + url.pathname).toBe(LOGIN);
    const request = url.searchParams.get("login_request_id") ?? "";
    expect(request).toMatch(/^lri_/);
    const back = `${dev.url}/sso/v1/connections/conn_1/partner:callback?state=${url.searchParams.get("state")}`;
    return { browser, request, back };
  }

  it("reports who logged in through the SDK, and the browser comes back to consent", async () => {
    const { dev, sdk, clientId } = await start("page");
    const { browser, request, back } = await arrive(dev, clientId);
    await sdk.auth.updateLoginUserDetails("conn_1", request, {
      sub: "user-42",
      email: "zoe@own.example",
      roles: ["editor"],
      customAttributes: { plan: "pro" },
    });
    const consent = await browser.follow(back);
    expect(consent.html).toContain("zoe@own.example");
    const done = await submit(browser, consent, { scope: "todo:read", decision: "allow" });
    expect(await claimsAfter(dev, clientId, done.location)).toMatchObject({
      sub: "user-42",
      roles: ["editor"],
      custom_claims: { plan: "pro" },
      scopes: ["todo:read"],
    });
    await dev.close();
  });

  it("needs no consent page where approval is automatic", async () => {
    const { dev, sdk, clientId } = await start("auto");
    const { browser, request, back } = await arrive(dev, clientId);
    await sdk.auth.updateLoginUserDetails("conn_1", request, { sub: "user-42", email: "zoe@own.example" });
    const done = await browser.follow(back);
    expect((await claimsAfter(dev, clientId, done.location)).sub).toBe("user-42");
    await dev.close();
  });

  it("goes back to the login page when the browser returns before anybody was reported", async () => {
    const { dev, clientId } = await start("page");
    const { browser, back } = await arrive(dev, clientId);
    expect((await browser.follow(back)).location).toContain(LOGIN);
    await dev.close();
  });

  it("tells the client when the login failed", async () => {
    const { dev, sdk, clientId } = await start("page");
    const { browser, request, back } = await arrive(dev, clientId);
    await sdk.auth.updateLoginUserDetails("conn_1", request, { loginFailed: true });
    expect(new URL((await browser.follow(back)).location ?? "").searchParams.get("error")).toBe(
      "access_denied",
    );
    await dev.close();
  });

  it("takes one report for each login request, and only of its own connection", async () => {
    const { dev, sdk, clientId } = await start("page");
    const { request } = await arrive(dev, clientId);
    const user = { sub: "user-42", email: "zoe@own.example" };
    await expect(sdk.auth.updateLoginUserDetails("conn_2", request, user)).rejects.toThrow("not found");
    await sdk.auth.updateLoginUserDetails("conn_1", request, user);
    await expect(sdk.auth.updateLoginUserDetails("conn_1", request, user)).rejects.toThrow("not found");
    await dev.close();
  });

  it("takes no report over REST from somebody without the environment's credentials", async () => {
    const { dev, clientId } = await start("page");
    const { request } = await arrive(dev, clientId);
    const reply = await call(`${dev.url}/api/v1/connections/conn_1/auth-requests/${request}/user`, {
      method: "POST",
      body: JSON.stringify({ sub: "user-42", email: "zoe@own.example" }),
    });
    expect(reply.status).toBe(401);
    await dev.close();
  });
});
