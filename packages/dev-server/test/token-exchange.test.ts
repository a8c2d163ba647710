import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDevServer, type DevClient, type DevServer } from "../src/index.js";
import { call, claimsOf, login, postForm, type Reply } from "./support/oauth.js";

const MCP = "http://127.0.0.1:3002/mcp";
const API = "http://127.0.0.1:3003/calendar";
const SECRET_API = "http://127.0.0.1:3004/payroll";
const GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

const servers = [
  { id: "res_mcp", name: "Assistant", url: MCP, scopes: ["assistant"], accessTokenLifetime: 600 },
  { id: "res_api", name: "Calendar", url: API, scopes: ["calendar:read", "calendar:write"] },
  { id: "res_secret", name: "Payroll", url: SECRET_API, scopes: ["payroll"] },
];

const exchanger = {
  id: "skc_assistant",
  secret: "secret",
  tokenExchange: { from: "res_mcp", to: ["res_api"] },
};

async function start(clients: readonly DevClient[] = [exchanger]): Promise<DevServer> {
  return createDevServer({
    banner: false,
    approve: "auto",
    servers,
    users: [{ id: "usr_1", email: "ada@acme.example", organizationId: "org_1", roles: ["admin"] }],
    clients: [...clients, { id: "m2m_machine", secret: "secret", server: "res_mcp" }],
  });
}

function exchange(dev: DevServer, subject: unknown, form: Record<string, string> = {}): Promise<Reply> {
  const { client_id: id = "skc_assistant", ...rest } = form;
  const basic = { authorization: `Basic ${btoa(`${id}:secret`)}` };
  return postForm(
    `${dev.url}/oauth/token`,
    {
      grant_type: GRANT,
      subject_token: String(subject),
      subject_token_type: ACCESS_TOKEN,
      resource: API,
      ...rest,
    },
    basic,
  );
}

describe("a token exchange (RFC 8693)", () => {
  let dev: DevServer;
  let subject: unknown;
  beforeAll(async () => {
    dev = await start();
    subject = (await login(dev, { scope: "assistant" })).tokens.access_token;
  });
  afterAll(() => dev.close());

  it("makes a token for the target, of the same person, that says who acts", async () => {
    const { status, body, headers } = await exchange(dev, subject);
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body).toEqual({
      access_token: expect.any(String),
      issued_token_type: ACCESS_TOKEN,
      token_type: "Bearer",
      expires_in: expect.any(Number),
      scope: "calendar:read calendar:write",
    });
    expect(claimsOf(body.access_token)).toMatchObject({
      iss: dev.url,
      aud: [API, "res_api"],
      sub: "usr_1",
      oid: "org_1",
      client_id: "skc_assistant",
      act: { sub: "skc_assistant" },
      scopes: ["calendar:read", "calendar:write"],
    });
  });

  it("takes the target as audience as well, and only the scopes that are asked for", async () => {
    const form = { audience: "res_api", scope: "calendar:read" };
    const { resource: _resource, ...rest } = { resource: API, ...form };
    const reply = await postForm(
      `${dev.url}/oauth/token`,
      { grant_type: GRANT, subject_token: String(subject), subject_token_type: ACCESS_TOKEN, ...rest },
      { authorization: `Basic ${btoa("skc_assistant:secret")}` },
    );
    expect(reply.body.scope).toBe("calendar:read");
    expect(claimsOf(reply.body.access_token).aud).toEqual([API, "res_api"]);
  });

  it("gives nothing that outlives the token it was made of", async () => {
    const { body } = await exchange(dev, subject);
    expect(Number(body.expires_in)).toBeLessThanOrEqual(600);
    expect(claimsOf(body.access_token).exp).toBeLessThanOrEqual(Number(claimsOf(subject).exp));
  });

  it.each([
    ["a target that the client may not ask for", { resource: SECRET_API }, "invalid_target"],
    ["a target that nobody registered", { resource: "https://elsewhere.example/api" }, "invalid_target"],
    ["the server that the token is for already", { resource: MCP }, "invalid_target"],
    ["two targets", { audience: "res_api" }, "invalid_target"],
    ["a scope that the target does not have", { scope: "assistant" }, "invalid_scope"],
    ["another type of subject token", { subject_token_type: `${ACCESS_TOKEN}s` }, "invalid_request"],
    [
      "another type of token",
      { requested_token_type: ACCESS_TOKEN.replace("access", "id") },
      "invalid_request",
    ],
    ["an actor beside the client", { actor_token: "x" }, "invalid_request"],
    ["no subject token", { subject_token: "" }, "invalid_request"],
    ["a subject token that was made up", { subject_token: "guess" }, "invalid_request"],
  ])("is refused for %s", async (_, form, error) => {
    const reply = await exchange(dev, subject, form);
    expect([reply.status, reply.body.error]).toEqual([400, error]);
  });

  it("is refused with a token whose signature is not ours", async () => {
    const [header, payload] = String(subject).split(".");
    const reply = await exchange(dev, `${header}.${payload}.${"A".repeat(342)}`);
    expect(reply.body.error).toBe("invalid_request");
  });

  it("is refused with a token for another server than the one that the client acts for", async () => {
    const { body } = await exchange(dev, subject);
    const reply = await exchange(dev, body.access_token);
    expect(reply.body).toMatchObject({
      error: "invalid_request",
      error_description: "subject_token was not issued for the server that this client acts for",
    });
  });

  it("is refused with the token of a machine, which is nobody's behalf", async () => {
    const form = { grant_type: "client_credentials", client_id: "m2m_machine", client_secret: "secret" };
    const { body } = await postForm(`${dev.url}/oauth/token`, form);
    const reply = await exchange(dev, body.access_token);
    expect(reply.body.error_description).toBe("subject_token stands for a client, not for a person");
  });

  it("is refused with an expired token", async () => {
    dev.setClockOffset(-3600);
    const { tokens } = await login(dev, { scope: "assistant" });
    dev.setClockOffset(0);
    expect((await exchange(dev, tokens.access_token)).body.error).toBe("invalid_request");
  });

  it("is refused to clients that were not given it, and to those that do not authenticate", async () => {
    const reply = await exchange(dev, subject, { client_id: "m2m_machine" });
    expect([reply.status, reply.body.error]).toEqual([400, "invalid_request"]);
    const anonymous = await postForm(`${dev.url}/oauth/token`, {
      grant_type: GRANT,
      client_id: "skc_assistant",
      subject_token: String(subject),
      subject_token_type: ACCESS_TOKEN,
      resource: API,
    });
    expect(anonymous.body.error).toBe("invalid_client");
  });

  it("is in the metadata as soon as somebody may use it", async () => {
    const metadata = async (dev: DevServer) =>
      (await call(`${dev.url}/.well-known/openid-configuration`)).body.grant_types_supported;
    expect(await metadata(dev)).toContain(GRANT);
    const other = await start([]);
    expect(await metadata(other)).not.toContain(GRANT);
    await other.close();
  });

  it("shows in the log with its grant and its target", () => {
    const logged = dev.requests.find(({ grantType, status }) => grantType === GRANT && status === 200);
    expect(logged).toMatchObject({ clientId: "skc_assistant", resource: API });
  });
});

describe("exchanges along a chain", () => {
  it("keep who acted before", async () => {
    const second = { ...exchanger, id: "skc_calendar", tokenExchange: { from: API, to: [SECRET_API] } };
    const dev = await start([exchanger, second]);
    const { tokens } = await login(dev, { scope: "assistant" });
    const { body } = await exchange(dev, tokens.access_token);
    const last = await exchange(dev, body.access_token, { client_id: "skc_calendar", resource: SECRET_API });
    expect(claimsOf(last.body.access_token)).toMatchObject({
      sub: "usr_1",
      aud: [SECRET_API, "res_secret"],
      act: { sub: "skc_calendar", act: { sub: "skc_assistant" } },
    });
    await dev.close();
  });
});

describe("opaque tokens", () => {
  it("are exchanged until their grant is revoked, and say through introspection who acts", async () => {
    const dev = await start();
    dev.updateServer("res_mcp", { accessTokenFormat: "opaque" });
    dev.updateServer("res_api", { accessTokenFormat: "opaque" });
    const { tokens } = await login(dev, { scope: "assistant" });
    const { body } = await exchange(dev, tokens.access_token);
    expect(String(body.access_token)).not.toContain(".");
    const introspect = () =>
      postForm(
        `${dev.url}/oauth/introspect`,
        { token: String(body.access_token) },
        { authorization: `Basic ${btoa("skc_assistant:secret")}` },
      );
    expect((await introspect()).body).toMatchObject({ sub: "usr_1", act: { sub: "skc_assistant" } });
    for (const { id } of dev.consents) dev.revokeConsent(id);
    expect((await exchange(dev, tokens.access_token)).body.error).toBe("invalid_request");
    await dev.close();
  });
});

describe("permissions of the person", () => {
  it("limit the scopes where the target wants it so", async () => {
    const dev = await start();
    dev.updateServer("res_api", { intersectScopesUserPermission: true });
    dev.registerUser({ id: "usr_1", email: "ada@acme.example", permissions: ["calendar:read"] });
    const { tokens } = await login(dev, { scope: "assistant" });
    expect((await exchange(dev, tokens.access_token)).body.scope).toBe("calendar:read");
    await dev.close();
  });
});

describe("a client that may exchange tokens", () => {
  it("must be able to prove who it is", async () => {
    const { secret: _secret, ...open } = exchanger;
    await expect(start([open])).rejects.toThrow(
      'The client "skc_assistant" needs a secret or keys to exchange tokens',
    );
  });

  it("names servers that are registered", async () => {
    const wrong = { ...exchanger, tokenExchange: { from: "res_mcp", to: ["res_typo"] } };
    await expect(start([wrong])).rejects.toThrow('tokenExchange names "res_typo", which is not registered');
  });
});
