import { ScalekitClient } from "@scalekit-sdk/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDevServer, type DevServer } from "../../src/index.js";
import { call, claimsOf, login, postForm, theServer } from "../support/oauth.js";

describe("@scalekit-sdk/node, as it is", () => {
  let dev: DevServer;
  let sdk: ScalekitClient;
  beforeAll(async () => {
    dev = await createDevServer({
      banner: false,
      approve: "auto",
      servers: [{ name: "Todo", url: "http://127.0.0.1:3002/mcp", scopes: ["todo:read", "todo:write"] }],
    });
    const { env } = dev;
    sdk = new ScalekitClient(
      env.SCALEKIT_ENVIRONMENT_URL,
      env.SCALEKIT_CLIENT_ID,
      env.SCALEKIT_CLIENT_SECRET,
    );
  });
  afterAll(() => dev.close());

  it("validates tokens of this environment, and their scopes", async () => {
    const { tokens } = await login(dev, { scope: "todo:read" });
    const token = String(tokens.access_token);
    const audience = [theServer(dev).id];
    const claims = await sdk.validateToken<{ sub: string }>(token, { audience, issuer: dev.url });
    expect(claims.sub).toBe(dev.users[0]?.id);
    await expect(
      sdk.validateToken(token, { audience, requiredScopes: ["todo:read"] }),
    ).resolves.toBeDefined();
    await expect(sdk.validateToken(token, { audience, requiredScopes: ["todo:write"] })).rejects.toThrow();
    await expect(sdk.validateToken(token, { audience: ["res_other"] })).rejects.toThrow();
  });

  it("makes clients of organizations, and gets tokens for them", async () => {
    const { organization } = await sdk.organization.createOrganization("Initech", { externalId: "ext_1" });
    const id = organization?.id ?? "";
    expect(id).toMatch(/^org_\d+$/);
    const created = await sdk.m2m.createOrganizationClient(id, {
      name: "Nightly job",
      scopes: ["todo:read"],
      customClaims: { tier: "gold" },
    });
    const clientId = created.client?.clientId ?? "";
    expect(clientId).toMatch(/^m2morg_\d+$/);
    const token = await sdk.generateClientToken(clientId, created.plainSecret);
    expect(claimsOf(token)).toMatchObject({
      sub: clientId,
      oid: id,
      xoid: "ext_1",
      scopes: ["todo:read"],
      custom_claims: { tier: "gold" },
    });
    const form = {
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: created.plainSecret,
    };
    const forServer = await postForm(`${dev.url}/oauth/token`, {
      ...form,
      resource: "http://127.0.0.1:3002/mcp",
    });
    expect(claimsOf(forServer.body.access_token)).toMatchObject({
      aud: ["http://127.0.0.1:3002/mcp", theServer(dev).id],
      scopes: ["todo:read"],
    });
    expect((await sdk.m2m.listOrganizationClients(id)).clients.map((one) => one.name)).toEqual([
      "Nightly job",
    ]);
    const { plainSecret } = await sdk.m2m.addOrganizationClientSecret(id, clientId);
    await expect(sdk.generateClientToken(clientId, created.plainSecret)).rejects.toThrow();
    await expect(sdk.generateClientToken(clientId, plainSecret)).resolves.toBeTypeOf("string");
    await sdk.m2m.deleteOrganizationClient(id, clientId);
    await expect(sdk.m2m.getOrganizationClient(id, clientId)).rejects.toThrow("not found");
  });

  it("manages organizations, page by page", async () => {
    for (let count = 0; count < 12; count += 1) await sdk.organization.createOrganization(`Org ${count}`);
    const first = await sdk.organization.listOrganization({ pageSize: 10 });
    expect(first.organizations).toHaveLength(10);
    const second = await sdk.organization.listOrganization({ pageSize: 10, pageToken: first.nextPageToken });
    expect(second.organizations.length).toBeGreaterThan(0);
    const id = second.organizations.at(-1)?.id ?? "";
    await sdk.organization.updateOrganization(id, { displayName: "Renamed" });
    expect((await sdk.organization.getOrganization(id)).organization?.displayName).toBe("Renamed");
    await sdk.organization.deleteOrganization(id);
    await expect(sdk.organization.getOrganization(id)).rejects.toThrow("not found");
  });

  it("manages users, who can then log in", async () => {
    const { organization } = await sdk.organization.createOrganization("Hooli");
    const { user } = await sdk.user.createUserAndMembership(organization?.id ?? "", {
      email: "gavin@hooli.example",
      userProfile: { firstName: "Gavin", lastName: "Belson" },
    });
    expect(user?.memberships[0]?.organizationId).toBe(organization?.id);
    const { users } = await sdk.user.listOrganizationUsers(organization?.id ?? "");
    expect(users.map((one) => one.email)).toEqual(["gavin@hooli.example"]);
    const { tokens } = await login(dev, { login_hint: "gavin@hooli.example" });
    expect(claimsOf(tokens.access_token)).toMatchObject({ sub: user?.id, oid: organization?.id });
    await sdk.user.deleteUser(user?.id ?? "");
    await expect(sdk.user.getUser(user?.id ?? "")).rejects.toThrow("not found");
  });

  it("is told what the dev server does not have", async () => {
    await expect(sdk.organization.generatePortalLink("org_1")).rejects.toMatchObject({
      name: "ScalekitNotImplementedException",
    });
  });

  it("is refused with a wrong secret", async () => {
    const stranger = new ScalekitClient(dev.url, dev.env.SCALEKIT_CLIENT_ID, "guess");
    await expect(stranger.organization.listOrganization()).rejects.toThrow();
  });
});

describe("the same over REST", () => {
  let dev: DevServer;
  let authorization: string;
  beforeAll(async () => {
    dev = await createDevServer({
      banner: false,
      approve: "auto",
      clients: [{ id: "m2m_1", secret: "secret" }],
      servers: [{ name: "Todo", url: "http://127.0.0.1:3002/mcp", scopes: ["todo:read"] }],
    });
    const reply = await postForm(`${dev.url}/oauth/token`, {
      grant_type: "client_credentials",
      client_id: dev.env.SCALEKIT_CLIENT_ID,
      client_secret: dev.env.SCALEKIT_CLIENT_SECRET,
    });
    authorization = `Bearer ${reply.body.access_token}`;
  });
  afterAll(() => dev.close());

  const api = (method: string, path: string, body?: unknown) =>
    call(`${dev.url}/api/v1/${path}`, {
      method,
      headers: { authorization, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  it("registers, reads, changes and deletes MCP servers", async () => {
    const created = await api("POST", "resources", {
      name: "Notes",
      resource_uri: "http://127.0.0.1:3005/mcp",
      scopes: ["notes:read"],
      access_token_expiry: 300,
      enable_cimd: true,
    });
    expect(created.status).toBe(200);
    expect(created.body.resource).toMatchObject({
      id: expect.stringMatching(/^res_/),
      name: "Notes",
      resource_uri: "http://127.0.0.1:3005/mcp",
      access_token_expiry: "300",
      enable_cimd: true,
      scopes: [{ name: "notes:read", enabled: true }],
      protected_metadata: { resource: "http://127.0.0.1:3005/mcp", scopes_supported: ["notes:read"] },
    });
    const { id } = created.body.resource as { id: string };
    const changed = await api("PATCH", `resources/${id}`, { disable_dynamic_client_registration: true });
    expect(changed.body.resource).toMatchObject({ name: "Notes", disable_dynamic_client_registration: true });
    expect(dev.servers.find((server) => server.id === id)).toMatchObject({
      dcr: false,
      accessTokenLifetime: 300,
    });
    const list = await api("GET", "resources?page_size=1");
    expect(list.body).toMatchObject({ total_size: 2, next_page_token: expect.any(String) });
    expect((await api("DELETE", `resources/${id}`)).status).toBe(200);
    expect((await api("GET", `resources/${id}`)).status).toBe(404);
  });

  it("answers errors as Scalekit's gateway does", async () => {
    expect(
      (await api("POST", "resources", { name: "Twin", resource_uri: "http://127.0.0.1:3002/mcp" })).status,
    ).toBe(400);
    expect((await api("POST", "resources", {})).body).toEqual({
      code: 3,
      message: "name is required",
      details: [],
    });
    expect((await api("GET", "nothing/here")).status).toBe(404);
    expect((await api("GET", "authmethods")).status).toBe(501);
    expect((await api("GET", "organizations?page_token=!!")).status).toBe(400);
  });

  it("is for clients of the environment: no users, no clients of an MCP server, no foreign tokens", async () => {
    const user = String((await login(dev)).tokens.access_token);
    const server = dev.registerClient({ id: "m2m_2", secret: "secret", server: "http://127.0.0.1:3002/mcp" });
    const form = { grant_type: "client_credentials", client_id: server.id, client_secret: "secret" };
    const machine = String((await postForm(`${dev.url}/oauth/token`, form)).body.access_token);
    for (const header of ["", "Bearer x", `Bearer ${user}`, `Bearer ${machine}`]) {
      const reply = await call(`${dev.url}/api/v1/organizations`, { headers: { authorization: header } });
      expect(reply.status).toBe(401);
      expect(reply.body.code).toBe(16);
    }
    expect((await api("GET", "organizations")).status).toBe(200);
  });
});
