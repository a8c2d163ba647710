import { create } from "@bufbuild/protobuf";
import { ScalekitClient } from "@scalekit-sdk/node";
import {
  ConnectionProvider,
  ConnectionType,
  CreateConnectionSchema,
} from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js";
import { CreateRoleSchema } from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDevServer, type DevServer } from "../../src/index.js";
import { call, claimsOf, login, postForm, type Reply } from "../support/oauth.js";

let dev: DevServer;
let sdk: ScalekitClient;
let api: (method: string, path: string, body?: unknown) => Promise<Reply>;

beforeAll(async () => {
  dev = await createDevServer({
    banner: false,
    approve: "auto",
    servers: [{ name: "Todo", url: "http://127.0.0.1:3002/mcp", scopes: ["todo:read"] }],
  });
  const { SCALEKIT_CLIENT_ID: id, SCALEKIT_CLIENT_SECRET: secret } = dev.env;
  sdk = new ScalekitClient(dev.url, id, secret);
  const form = { grant_type: "client_credentials", client_id: id, client_secret: secret };
  const authorization = `Bearer ${(await postForm(`${dev.url}/oauth/token`, form)).body.access_token}`;
  api = (method, path, body) =>
    call(`${dev.url}/api/v1/${path}`, {
      method,
      headers: { authorization, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
});
afterAll(() => dev.close());

describe("roles", () => {
  it("give their permissions to whoever has them", async () => {
    await sdk.role.createRole(
      create(CreateRoleSchema, {
        name: "editor",
        displayName: "Editor",
        description: "",
        permissions: ["todo:write"],
      }),
    );
    dev.registerUser({ email: "eve@acme.example", roles: ["editor"], permissions: ["todo:read"] });
    const { tokens } = await login(dev, { login_hint: "eve@acme.example" });
    expect(claimsOf(tokens.access_token)).toMatchObject({
      roles: ["editor"],
      permissions: ["todo:read", "todo:write"],
    });
    await expect(sdk.role.deleteRole("editor")).rejects.toThrow("in use");
  });

  it("are those that were made, and those that only a user has", async () => {
    const { roles } = await sdk.role.listRoles();
    expect(roles.map(({ name }) => name)).toEqual(expect.arrayContaining(["admin", "member", "editor"]));
  });
});

describe("scopes", () => {
  it("are made, lend their description to servers, and go when nobody uses them", async () => {
    const made = await api("POST", "scopes", { name: "notes:read", description: "Read notes" });
    expect(made.body.scope).toMatchObject({ id: "scp_notes_read", description: "Read notes" });
    expect((await api("POST", "scopes", { name: "todo:read" })).status).toBe(409);
    const server = dev.registerServer({ name: "Notes", scopes: ["notes:read"] });
    expect(server.scopes).toEqual([{ name: "notes:read", description: "Read notes" }]);
    expect((await api("DELETE", "scopes/scp_notes_read")).body).toMatchObject({ code: 9 });
    dev.removeServer(server.id);
    expect((await api("DELETE", "scopes/scp_notes_read")).status).toBe(200);
    expect((await api("GET", "scopes")).body.scopes).toMatchObject([{ name: "todo:read" }]);
  });
});

describe("clients of the environment", () => {
  it("are given redirect URIs, and lose them by name", async () => {
    const id = dev.env.SCALEKIT_CLIENT_ID;
    const set = await api("PATCH", `clients/${id}`, {
      post_login_uris: ["http://127.0.0.1:9/app"],
      initiate_login_uri: "http://127.0.0.1:9/login",
    });
    expect(set.body.client).toMatchObject({
      post_login_uris: ["http://127.0.0.1:9/app"],
      initiate_login_uri: "http://127.0.0.1:9/login",
      grant_types: ["authorization_code", "refresh_token", "client_credentials"],
    });
    expect((await api("PATCH", `clients/${id}`, { post_login_uris: ["not a URL"] })).status).toBe(400);
    const emptied = await api("PATCH", `clients/${id}?mask=postLoginUris`, {});
    expect(emptied.body.client).toMatchObject({ grant_types: ["client_credentials"] });
    expect((await api("GET", `clients/${id}`)).body.client).not.toHaveProperty("post_login_uris");
    expect((await api("GET", "clients")).body.clients).toMatchObject([{ id }]);
  });
});

describe("connections", () => {
  it("are made off, switched on, and go with their organization", async () => {
    const { organization } = await sdk.organization.createOrganization("Initech");
    const id = organization?.id ?? "";
    const made = await sdk.connection.createConnection(
      id,
      create(CreateConnectionSchema, { type: ConnectionType.SAML, provider: ConnectionProvider.OKTA }),
    );
    const connection = made.connection?.id ?? "";
    expect(made.connection).toMatchObject({ enabled: false, organizationId: id });
    expect((await sdk.connection.enableConnection(id, connection)).enabled).toBe(true);
    const { connections } = await sdk.connection.listConnections(id);
    expect(connections).toMatchObject([{ id: connection, enabled: true, organizationName: "Initech" }]);
    expect((await api("GET", "connections")).body.connections).toHaveLength(1);
    await sdk.organization.deleteOrganization(id);
    expect((await api("GET", "connections")).body).toEqual({});
  });
});

describe("the workspace", () => {
  it("has this environment, and members who were invited", async () => {
    const { environments } = (await api("GET", "environments")).body as { environments: { id: string }[] };
    expect(environments).toMatchObject([{ domain: new URL(dev.url).host }]);
    expect((await api("GET", `environments/${environments[0]?.id}`)).status).toBe(200);
    const invited = await api("POST", "members", { email: "new@acme.example" });
    expect(invited.body.member).toMatchObject({ membership_status: "INVITED", role: "ADMIN" });
    expect((await api("POST", "members", { email: "NEW@acme.example" })).status).toBe(409);
    const { id } = invited.body.member as { id: string };
    expect((await api("GET", "members")).body).toMatchObject({ total_size: 1, members: [{ id }] });
    expect((await api("DELETE", `members/${id}`)).status).toBe(200);
    expect((await call(`${dev.url}/api/v1/members`)).status).toBe(401);
  });
});

describe("an MCP server's own login", () => {
  it("is taken away", async () => {
    const server = dev.registerServer({ name: "Own", customLogin: { url: "http://127.0.0.1:9/login" } });
    expect((await api("PUT", `resources/${server.id}/provider:delete`)).status).toBe(200);
    expect(dev.servers.find(({ id }) => id === server.id)).not.toHaveProperty("customLogin");
    dev.removeServer(server.id);
  });
});

describe("a fault of the API", () => {
  it("fails a method as often as asked, over gRPC and REST", async () => {
    dev.setManagementFault({ method: "ListOrganization", times: 2 });
    await expect(sdk.organization.listOrganization()).rejects.toMatchObject({
      name: "ScalekitInternalServerException",
    });
    expect((await api("GET", "organizations")).status).toBe(500);
    expect((await api("GET", "organizations")).status).toBe(200);
  });

  it("may come after the work is done", async () => {
    dev.setManagementFault({ method: "CreateOrganization", applied: true });
    await expect(sdk.organization.createOrganization("Lost")).rejects.toThrow();
    expect(dev.organizations.map(({ name }) => name)).toContain("Lost");
  });
});

describe("the log", () => {
  it("says who called the API", async () => {
    const user = String((await login(dev)).tokens.access_token);
    await call(`${dev.url}/api/v1/organizations`, { headers: { authorization: `Bearer ${user}` } });
    expect(dev.requests.at(-1)).toMatchObject({
      kind: "management",
      status: 401,
      subject: dev.users[0]?.id,
      error: "unauthenticated",
    });
    await sdk.organization.listOrganization();
    await api("GET", "organizations");
    const calls = dev.requests.filter(({ kind }) => kind === "management").slice(-2);
    const { SCALEKIT_CLIENT_ID: clientId } = dev.env;
    expect(calls).toMatchObject([
      { clientId, subject: clientId },
      { clientId, subject: clientId },
    ]);
  });
});
