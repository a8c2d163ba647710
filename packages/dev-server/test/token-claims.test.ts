import { createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDevServer, type DevServer, type IssuerPhase } from "../src/index.js";
import { claimsOf, headerOf, login, postForm, registerClient, theServer } from "./support/oauth.js";

describe("access tokens", () => {
  let dev: DevServer;
  beforeAll(async () => {
    dev = await createDevServer({
      banner: false,
      approve: "auto",
      servers: [{ name: "Todo", url: "http://127.0.0.1:3002/mcp", scopes: ["todo:read", "todo:write"] }],
      users: [
        {
          id: "usr_1",
          email: "ada@acme.example",
          organizationId: "org_1",
          roles: ["admin"],
          permissions: ["data:read"],
        },
        { id: "usr_2", email: "max@globex.example" },
      ],
    });
  });
  afterAll(() => dev.close());

  it("carry Scalekit's claims", async () => {
    const { clientId, tokens } = await login(dev, { scope: "openid todo:read todo:write" });
    expect(headerOf(tokens.access_token)).toEqual({
      alg: "RS256",
      typ: "JWT",
      kid: expect.stringMatching(/^snk_\d+$/),
    });
    const claims = claimsOf(tokens.access_token);
    expect(claims).toEqual({
      iss: dev.url,
      aud: ["http://127.0.0.1:3002/mcp", theServer(dev).id],
      sub: "usr_1",
      client_id: clientId,
      scope: "openid todo:read todo:write",
      scopes: ["todo:read", "todo:write"],
      oid: "org_1",
      roles: ["admin"],
      permissions: ["data:read"],
      sid: expect.stringMatching(/^ses_/),
      jti: expect.stringMatching(/^tkn_\d+$/),
      iat: expect.any(Number),
      nbf: claims.iat,
      exp: Number(claims.iat) + 3600,
    });
    expect(tokens).toMatchObject({
      token_type: "Bearer",
      expires_in: 3600,
      scope: "openid todo:read todo:write",
    });
    expect(tokens.id_token).toBeTypeOf("string");
  });

  it("verify against the published keys", async () => {
    const { tokens } = await login(dev);
    const keys = createRemoteJWKSet(new URL(`${dev.url}/keys`));
    const { payload } = await jwtVerify(String(tokens.access_token), keys, { audience: theServer(dev).id });
    expect(payload.sub).toBe("usr_1");
  });

  it.each<[IssuerPhase, string]>([
    ["legacy", ""],
    ["transition", ""],
    ["resource", "/resources/"],
  ])("name their issuer as the %s phase has it", async (phase, path) => {
    dev.setIssuerPhase(phase);
    const { tokens } = await login(dev);
    expect(claimsOf(tokens.access_token).iss).toBe(
      path === "" ? dev.url : dev.url + path + theServer(dev).id,
    );
    dev.setIssuerPhase("transition");
  });

  it("are for the user whom login_hint names", async () => {
    const { tokens } = await login(dev, { login_hint: "max@globex.example" });
    expect(claimsOf(tokens.access_token)).toMatchObject({ sub: "usr_2" });
    expect(claimsOf(tokens.access_token)).not.toHaveProperty("oid");
  });

  it("name the resource id alone as audience while the server has no URL", async () => {
    const own = await createDevServer({
      banner: false,
      approve: "auto",
      servers: [{ name: "No URL", scopes: ["a"] }],
    });
    const { tokens } = await login(own, { scope: "a" });
    expect(claimsOf(tokens.access_token).aud).toEqual([theServer(own).id]);
    await own.close();
  });

  it("have the scopes that were asked for and exist, or all when none were named", async () => {
    expect(claimsOf((await login(dev, { scope: "todo:read todo:fly" })).tokens.access_token).scopes).toEqual([
      "todo:read",
    ]);
    expect(claimsOf((await login(dev)).tokens.access_token).scopes).toEqual(["todo:read", "todo:write"]);
  });

  it("let a client that registered with a narrow scope ask for more later", async () => {
    const client_id = await registerClient(dev, { scope: "todo:read" });
    const { tokens } = await login(dev, { client_id, scope: "todo:read todo:write" });
    expect(claimsOf(tokens.access_token).scopes).toEqual(["todo:read", "todo:write"]);
  });

  it("follow the environment's clock", async () => {
    dev.setClockOffset(-7200);
    const claims = claimsOf((await login(dev)).tokens.access_token);
    expect(Number(claims.exp)).toBeLessThan(Date.now() / 1000);
    expect(Number(claims.exp) - Number(claims.iat)).toBe(3600);
    dev.setClockOffset(0);
  });
});

describe("a fixed clock", () => {
  it("dates tokens", async () => {
    const dev = await createDevServer({
      banner: false,
      approve: "auto",
      deterministic: true,
      clock: () => new Date("2030-01-01T00:00:00Z"),
      servers: [{ name: "Todo", scopes: ["a"], accessTokenLifetime: 60 }],
      users: [{ email: "ada@acme.example" }],
    });
    const { tokens } = await login(dev);
    expect(claimsOf(tokens.access_token)).toMatchObject({
      iat: 1893456000,
      exp: 1893456060,
      sub: "usr_00000000000000000001",
      client_id: "m2m_00000000000000000001",
      jti: "tkn_00000000000000000001",
    });
    expect(headerOf(tokens.access_token).kid).toBe("snk_00000000000000000001");
    await dev.close();
  });
});

describe("client credentials", () => {
  let dev: DevServer;
  const url = "http://127.0.0.1:3002/mcp";
  beforeAll(async () => {
    dev = await createDevServer({
      banner: false,
      servers: [{ name: "Todo", url, scopes: ["todo:read", "todo:write"] }],
      clients: [
        { id: "m2m_1", secret: "secret-1", server: url, organizationId: "org_1" },
        { id: "m2m_2", secret: "secret-2", server: url, scopes: ["todo:read"] },
        { id: "skc_1", secret: "secret-3" },
      ],
    });
  });
  afterAll(() => dev.close());

  const basic = (id: string, secret: string) => ({ authorization: `Basic ${btoa(`${id}:${secret}`)}` });

  it("make the client its own subject, with every scope unless it names some", async () => {
    const reply = await postForm(
      `${dev.url}/oauth/token`,
      { grant_type: "client_credentials" },
      basic("m2m_1", "secret-1"),
    );
    expect(reply.status).toBe(200);
    expect(reply.headers.get("cache-control")).toBe("no-store");
    expect(claimsOf(reply.body.access_token)).toMatchObject({
      sub: "m2m_1",
      client_id: "m2m_1",
      oid: "org_1",
      aud: [url, theServer(dev).id],
      scopes: ["todo:read", "todo:write"],
    });
    expect(reply.body).not.toHaveProperty("refresh_token");
    const { body } = await postForm(`${dev.url}/resources/${theServer(dev).id}/oauth/token`, {
      grant_type: "client_credentials",
      client_id: "m2m_1",
      client_secret: "secret-1",
      scope: "todo:read",
    });
    expect(claimsOf(body.access_token).scopes).toEqual(["todo:read"]);
  });

  it("give no scope that the client is not allowed", async () => {
    const form = { grant_type: "client_credentials", scope: "todo:read todo:write" };
    const { body } = await postForm(`${dev.url}/oauth/token`, form, basic("m2m_2", "secret-2"));
    expect(claimsOf(body.access_token).scopes).toEqual(["todo:read"]);
  });

  it("give a client of the environment a token that is for no MCP server", async () => {
    const { body } = await postForm(
      `${dev.url}/oauth/token`,
      { grant_type: "client_credentials" },
      basic("skc_1", "secret-3"),
    );
    expect(claimsOf(body.access_token).aud).toEqual(["skc_1"]);
  });

  it("take a signed assertion in place of a secret", async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256");
    const jwk = { ...(await exportJWK(publicKey)), kid: "1", alg: "ES256" };
    const { id } = dev.registerClient({ server: url, jwks: { keys: [jwk] } });
    const issuer = theServer(dev).issuer;
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: "ES256", kid: "1" })
      .setIssuer(id)
      .setSubject(id)
      .setAudience(issuer)
      .setJti("assertion-1")
      .setIssuedAt()
      .setExpirationTime("1 minute")
      .sign(privateKey);
    const form = {
      grant_type: "client_credentials",
      client_id: id,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion,
    };
    const reply = await postForm(`${issuer}/oauth/token`, form);
    expect(claimsOf(reply.body.access_token).sub).toBe(id);
    expect((await postForm(`${issuer}/oauth/token`, form)).body.error).toBe("invalid_client");
  });

  it("refuse a wrong secret", async () => {
    const reply = await postForm(
      `${dev.url}/oauth/token`,
      { grant_type: "client_credentials" },
      basic("m2m_1", "guess"),
    );
    expect(reply.status).toBe(401);
    expect(reply.body.error).toBe("invalid_client");
  });
});
