import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDevServer, type DevServer } from "../src/index.js";
import { call, endpoints, postJson, theServer } from "./support/oauth.js";

describe("dynamic client registration", () => {
  let dev: DevServer;
  beforeAll(async () => {
    dev = await createDevServer({
      banner: false,
      servers: [{ name: "Todo", url: "http://127.0.0.1:3002/mcp", scopes: ["todo:read", "todo:write"] }],
    });
  });
  afterAll(() => dev.close());

  const register = (metadata: unknown) => postJson(endpoints(dev, theServer(dev)).register, metadata);

  it("answers 201 with the standard's members and Scalekit's", async () => {
    const reply = await register({
      client_name: "Claude",
      redirect_uris: ["http://localhost/callback"],
      scope: "todo:read",
    });
    expect(reply.status).toBe(201);
    expect(reply.headers.get("cache-control")).toBe("no-store");
    expect(reply.headers.get("access-control-allow-origin")).toBe("*");
    expect(reply.body).toMatchObject({
      client_id: expect.stringMatching(/^m2m_\d+$/),
      client_id_issued_at: expect.any(Number),
      client_name: "Claude",
      redirect_uris: ["http://localhost/callback"],
      application_type: "native",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
      scope: "todo:read",
      name: "Claude",
      scopes: ["todo:read"],
      audience: ["http://127.0.0.1:3002/mcp", theServer(dev).id],
      resource_id: theServer(dev).id,
    });
    expect(reply.body).not.toHaveProperty("client_secret");
  });

  it("makes public clients, whatever they ask for", async () => {
    const reply = await register({
      redirect_uris: ["https://app.example/callback"],
      token_endpoint_auth_method: "client_secret_basic",
      grant_types: ["client_credentials"],
      roles: ["admin"],
    });
    expect(reply.body).toMatchObject({
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
    });
    expect(reply.body).not.toHaveProperty("roles");
  });

  it.each([
    ["http://app.example/callback"],
    ["https://user:password@app.example/callback"],
    ["https://app.example/callback#fragment"],
    ["https://*.app.example/callback"],
    ["javascript:alert(1)"],
    ["data:text/html,x"],
    ["/callback"],
    [7],
  ])("refuses the redirect URI %s", async (uri) => {
    const reply = await register({ redirect_uris: [uri] });
    expect(reply.status).toBe(400);
    expect(reply.body.error).toBe("invalid_redirect_uri");
  });

  it.each([
    ["https://app.example/callback"],
    ["http://127.0.0.1:1234/cb"],
    ["http://[::1]/cb"],
    ["cursor://anysphere.cursor-mcp/oauth"],
  ])("takes the redirect URI %s", async (uri) => {
    expect((await register({ redirect_uris: [uri] })).status).toBe(201);
  });

  it.each([["no JSON"], [[]], [null], [{ redirect_uris: [] }], [{}]])("refuses the body %j", async (body) => {
    expect((await register(body)).status).toBe(400);
  });

  it("refuses a body that is too large", async () => {
    const reply = await register({
      redirect_uris: ["https://app.example/callback"],
      client_name: "x".repeat(60_000),
    });
    expect(reply.status).toBe(413);
  });

  it("is refused where it is switched off", async () => {
    const closed = dev.registerServer({ name: "Closed", dcr: false });
    const reply = await postJson(endpoints(dev, closed).register, {
      redirect_uris: ["https://app.example/callback"],
    });
    expect(reply.status).toBe(403);
    expect(reply.body.error).toBe("access_denied");
  });

  it("takes POST only", async () => {
    expect((await call(endpoints(dev, theServer(dev)).register)).status).toBe(405);
  });
});
