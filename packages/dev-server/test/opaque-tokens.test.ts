import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDevServer, type DevServer } from "../src/index.js";
import { endpoints, login, postForm, theServer } from "./support/oauth.js";

const URL_A = "http://127.0.0.1:3002/mcp";

describe("opaque tokens", () => {
  let dev: DevServer;
  beforeAll(async () => {
    dev = await createDevServer({
      banner: false,
      approve: "auto",
      servers: [{ name: "Todo", url: URL_A, scopes: ["todo:read"], accessTokenFormat: "opaque" }],
      users: [{ id: "usr_1", email: "ada@acme.example", organizationId: "org_1", roles: ["admin"] }],
      clients: [
        { id: "m2m_rs", secret: "secret", server: URL_A },
        { id: "skc_1", secret: "secret", redirectUris: ["http://127.0.0.1:8976/callback"] },
      ],
    });
  });
  afterAll(() => dev.close());

  const introspect = (token: unknown, secret = "secret") =>
    postForm(
      `${dev.url}/oauth/introspect`,
      { token: String(token) },
      { authorization: `Basic ${btoa(`m2m_rs:${secret}`)}` },
    );

  it("say through introspection what a JWT would say itself", async () => {
    const { clientId, tokens } = await login(dev, { scope: "todo:read" });
    expect(String(tokens.access_token)).not.toContain(".");
    const { status, body } = await introspect(tokens.access_token);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      active: true,
      iss: dev.url,
      aud: [URL_A, theServer(dev).id],
      sub: "usr_1",
      client_id: clientId,
      scope: "todo:read",
      scopes: ["todo:read"],
      oid: "org_1",
      roles: ["admin"],
      token_type: "Bearer",
      exp: expect.any(Number),
    });
  });

  it("are inactive when unknown, expired on purpose, or revoked", async () => {
    expect((await introspect("guess")).body).toEqual({ active: false });
    const { tokens } = await login(dev);
    dev.setTokenFault("expired");
    expect((await introspect(tokens.access_token)).body).toEqual({ active: false });
    dev.setTokenFault(undefined);
    for (const consent of dev.consents) dev.revokeConsent(consent.id);
    expect((await introspect(tokens.access_token)).body).toEqual({ active: false });
  });

  it("can be introspected by clients that authenticate, and by no others", async () => {
    const { clientId, tokens } = await login(dev);
    expect((await introspect(tokens.access_token, "guess")).status).toBe(401);
    const form = { token: String(tokens.access_token), client_id: clientId };
    expect((await postForm(`${dev.url}/oauth/introspect`, form)).body).toEqual({ active: false });
  });

  it("make a client with a secret its own subject", async () => {
    const form = { grant_type: "client_credentials", client_id: "m2m_rs", client_secret: "secret" };
    const { body } = await postForm(`${dev.url}/oauth/token`, form);
    expect((await introspect(body.access_token)).body).toMatchObject({ active: true, sub: "m2m_rs" });
  });
});

describe("revocation", () => {
  let dev: DevServer;
  beforeAll(async () => {
    dev = await createDevServer({
      banner: false,
      approve: "auto",
      servers: [{ name: "Todo", url: URL_A, scopes: ["todo:read"] }],
    });
  });
  afterAll(() => dev.close());

  it("is refused to public clients, who cannot prove who they are", async () => {
    const { clientId, tokens } = await login(dev, { scope: "todo:read offline_access" });
    const form = { token: String(tokens.refresh_token), client_id: clientId };
    const reply = await postForm(`${dev.url}/oauth/revoke`, form);
    expect(reply.status).toBe(400);
    expect(reply.body.error).toBe("invalid_client");
  });

  it("ends the grant when a user's consent is revoked, as the dashboard does", async () => {
    const { clientId, tokens } = await login(dev, { scope: "todo:read offline_access" });
    const consent = dev.consents.find((one) => one.clientId === clientId);
    expect(consent?.scopes).toEqual(["offline_access", "todo:read"]);
    expect(dev.revokeConsent(consent?.id ?? "")).toBe(true);
    const form = {
      grant_type: "refresh_token",
      client_id: clientId,
      refresh_token: String(tokens.refresh_token),
    };
    const reply = await postForm(endpoints(dev, theServer(dev)).token, form);
    expect(reply.body.error).toBe("invalid_grant");
    expect(dev.revokeConsent("unknown")).toBe(false);
  });
});

describe("scopes that the user is not permitted", () => {
  it("are not granted where the MCP server wants it so", async () => {
    const dev = await createDevServer({
      banner: false,
      approve: "auto",
      servers: [{ name: "Todo", scopes: ["todo:read", "todo:write"], intersectScopesUserPermission: true }],
      users: [{ email: "ada@acme.example", permissions: ["todo:read"] }],
    });
    const { tokens } = await login(dev, { scope: "todo:read todo:write" });
    expect(tokens.scope).toBe("todo:read");
    await dev.close();
  });
});
