import type { Client } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCatalogue } from "../src/catalogue.js";
import { called, type IdentityAdmin, refused, startIdentityAdmin, walked } from "./identity-admin.js";

const EVERYTHING = ["wks:read", "wks:write", "env:read", "env:write", "org:read", "org:write"];

let admin: IdentityAdmin;
let client: Client;

beforeAll(async () => {
  admin = await startIdentityAdmin();
  client = await admin.client(...EVERYTHING);
});
afterAll(async () => {
  await client.close();
  await admin.close();
});

const id = (answer: unknown): string => (answer as { id: string }).id;

describe("the list of tools", () => {
  test("shows all of them to whoever may use all of them", async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(createCatalogue().tools.map(({ name }) => name));
    expect(tools).toHaveLength(46);
  });

  test("says of each what it is called, whether it changes something, and what it returns", async () => {
    const { tools } = await client.listTools();
    for (const { title, annotations, outputSchema, name } of tools) {
      expect(annotations?.title).toBe(title);
      expect(annotations?.readOnlyHint).toBe(/^(list|get|search)_/.test(name));
      expect(annotations?.destructiveHint).toBe(/^(delete|remove|update|set|switch|disable)_/.test(name));
      expect(annotations?.idempotentHint).toBe(!/^(create|register|invite)_/.test(name));
      expect(outputSchema?.type).toBe("object");
    }
  });

  test("has no format in an input schema, which some hosts refuse", async () => {
    const { tools } = await client.listTools();
    expect(JSON.stringify(tools.map(({ inputSchema }) => inputSchema))).not.toContain('"format"');
  });

  test("takes an idempotency key wherever something is created", async () => {
    const { tools } = await client.listTools();
    for (const { annotations, inputSchema } of tools)
      expect("idempotency_key" in (inputSchema.properties ?? {})).toBe(annotations?.idempotentHint === false);
  });
});

describe("the guides", () => {
  test("are nine resources, the first of which says what each tool needs", async () => {
    const { resources } = await client.listResources();
    expect(resources).toHaveLength(9);
    const { contents } = await client.readResource({ uri: "docs://index" });
    expect((contents[0] as { text: string }).text).toContain("`delete_organization`");
    for (const { uri } of resources) expect((await client.readResource({ uri })).contents).toHaveLength(1);
  });

  test("are found by what they are about", async () => {
    const { findings } = await called(client, "search_docs", { query: "step-up insufficient_scope" });
    expect(findings).toHaveLength(5);
    expect((findings as { uri: string }[]).map(({ uri }) => uri)).toContain("docs://scopes");
    expect(await called(client, "search_docs", { query: "xyzzyx" })).toEqual({ findings: [] });
  });
});

describe("pages", () => {
  beforeAll(() => {
    for (let count = 0; count < 23; count += 1) {
      admin.dev.registerOrganization({ name: `Org ${count}` });
      admin.dev.registerServer({ name: `Server ${count}`, scopes: [`s${count}:read`] });
    }
  });

  test.each([
    ["list_organizations", 26],
    ["list_mcp_servers", 24],
    ["list_environment_scopes", 29],
  ])("%s walks everything once", async (name, count) => {
    const pages = await walked<{ id: string }>(client, name, { limit: 10 });
    expect(pages.map((page) => page.length)).toEqual([10, 10, count - 20]);
    expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(count);
  });

  test("of a list in one piece stay right when something goes between them", async () => {
    const first = await called(client, "list_environment_scopes", { limit: 10 });
    const [gone] = first.items as { name: string }[];
    const server = admin.dev.servers.find(({ scopes }) => scopes.some(({ name }) => name === gone?.name));
    if (server && server.id !== "res_identity_admin") admin.dev.removeServer(server.id);
    const second = await called(client, "list_environment_scopes", { limit: 100, cursor: first.next_cursor });
    expect(second.items).toHaveLength(19);
  });

  test("of another list, and of nothing, are refused", async () => {
    const { next_cursor: cursor } = await called(client, "list_organizations", { limit: 10 });
    for (const args of [{ cursor }, { cursor: "x" }])
      expect(await refused(client, "list_mcp_servers", args)).toBe(
        "The cursor is not of this list. Leave it out to begin with the first page.",
      );
  });
});

describe("each group", () => {
  test("environments and their credentials, whose secrets stay where they are", async () => {
    const { items } = await called(client, "list_environments");
    const [environment] = items as { id: string }[];
    expect(await called(client, "get_environment_details", { environment_id: environment?.id })).toEqual({
      environment,
    });
    expect(await refused(client, "get_environment_details", { environment_id: "env_1" })).toBe(
      "environment env_1 not found",
    );
    const credentials = await called(client, "list_environment_credentials");
    const { SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET } = admin.dev.env;
    expect(credentials.items).toMatchObject([
      { client_id: SCALEKIT_CLIENT_ID, secrets: [{ ends_with: SCALEKIT_CLIENT_SECRET.slice(-4) }] },
    ]);
    expect(JSON.stringify(credentials)).not.toContain(SCALEKIT_CLIENT_SECRET);
  });

  test("roles", async () => {
    const args = { name: "editor", display_name: "Editor", permissions: ["org:read"] };
    const { role } = await called(client, "create_environment_role", args);
    expect(role).toEqual({ ...args, description: "" });
    expect((await called(client, "list_environment_roles")).items).toEqual([role]);
    expect(await refused(client, "create_environment_role", args)).toBe("role editor exists already");
    await called(client, "delete_environment_role", { name: "editor" });
    expect((await called(client, "list_environment_roles")).items).toEqual([]);
  });

  test("scopes", async () => {
    const { scope } = await called(client, "create_environment_scope", { name: "files:read" });
    expect(scope).toMatchObject({ name: "files:read", description: "" });
    await called(client, "delete_environment_scope", { name: "files:read" });
    expect(await refused(client, "delete_environment_scope", { name: "files:read" })).toBe(
      "There is no such scope.",
    );
    expect(await refused(client, "delete_environment_scope", { name: "env:read" })).toContain("in use");
  });

  test("login settings", async () => {
    const uri = "http://127.0.0.1:9/out";
    await called(client, "add_post_logout_redirect_uri", { uri });
    expect((await called(client, "list_post_logout_redirect_uris")).items).toEqual([{ uri }]);
    const set = await called(client, "set_initiate_login_uri", { uri: "http://127.0.0.1:9/login" });
    expect(set).toMatchObject({
      initiate_login_uri: "http://127.0.0.1:9/login",
      post_logout_redirect_uris: [uri],
    });
    expect(await called(client, "remove_initiate_login_uri")).not.toHaveProperty("initiate_login_uri");
    expect(await called(client, "remove_post_logout_redirect_uri", { uri })).toMatchObject({
      post_logout_redirect_uris: [],
    });
  });

  test("the workspace", async () => {
    const { member } = await called(client, "invite_workspace_member", { email: "new@ops.example" });
    expect(member).toMatchObject({ role: "MEMBER", membership_status: "INVITED" });
    expect((await called(client, "list_workspace_members")).items).toEqual([member]);
    await called(client, "remove_workspace_member", { member_id: id(member) });
    expect((await called(client, "list_workspace_members")).items).toEqual([]);
  });

  test("organizations, their users, clients and connections", async () => {
    const { organization } = await called(client, "create_organization", { display_name: "Hooli" });
    const organization_id = id(organization);
    await called(client, "update_organization", { organization_id, external_id: "hooli" });
    const found = await called(client, "get_organization_details", { external_id: "hooli" });
    expect(found).toMatchObject({ organization: { id: organization_id, display_name: "Hooli" } });

    const person = { organization_id, email: "gavin@hooli.example", first_name: "Gavin" };
    const { user } = await called(client, "create_organization_user", person);
    expect(user).toMatchObject({ name: "Gavin", organizations: [organization_id] });
    expect((await called(client, "list_organization_users", { organization_id })).items).toEqual([user]);
    await called(client, "delete_user", { user_id: id(user) });

    const made = await called(client, "create_organization_client", { organization_id, name: "Nightly" });
    const machine = made.client as { client_id: string };
    expect(made.secret).toMatch(/^dev_/);
    expect((await called(client, "list_organization_clients", { organization_id })).items).toEqual([machine]);
    await called(client, "delete_organization_client", { organization_id, client_id: machine.client_id });

    const args = { organization_id, type: "SAML", provider: "OKTA" };
    const { connection } = await called(client, "create_organization_connection", args);
    const one = { organization_id, connection_id: id(connection) };
    expect(await called(client, "enable_organization_connection", one)).toEqual({ enabled: true });
    const enabled = { ...args, id: id(connection), enabled: true };
    expect((await called(client, "list_organization_connections", { organization_id })).items).toEqual([
      enabled,
    ]);
    expect((await called(client, "list_environment_connections")).items).toEqual([enabled]);
    expect(await called(client, "disable_organization_connection", one)).toEqual({ enabled: false });
    await called(client, "delete_organization_connection", one);
    expect((await called(client, "list_environment_connections")).items).toEqual([]);

    await called(client, "delete_organization", { organization_id });
    expect(await refused(client, "get_organization_details", { organization_id })).toContain("not found");
  });

  test("MCP servers and their clients", async () => {
    const login = { url: "http://127.0.0.1:9/login" };
    const { id: server_id } = admin.dev.registerServer({
      name: "Own",
      scopes: ["o:read"],
      customLogin: login,
    });
    const known = await called(client, "get_mcp_server", { server_id });
    expect(known).toMatchObject({
      server: { custom_login: login.url },
      metadata: { scopes_supported: ["o:read"] },
    });
    const switched = await called(client, "switch_mcp_auth_to_scalekit", { server_id });
    expect(switched.server).not.toHaveProperty("custom_login");
    const changes = { server_id, name: "Renamed", scopes: [{ name: "o:read" }, { name: "o:write" }] };
    const changed = await called(client, "update_mcp_server", { ...changes, dynamic_registration: false });
    expect(changed.server).toMatchObject({
      name: "Renamed",
      scopes: ["o:read", "o:write"],
      dynamic_registration: false,
    });
    const { id: client_id } = admin.dev.registerClient({ name: "Host", server: server_id });
    const clients = await called(client, "list_mcp_server_clients", { server_id });
    expect(clients.items).toEqual([{ client_id, name: "Host", redirect_uris: [], dynamic: false }]);
    await called(client, "remove_mcp_server_client", { server_id, client_id });
    expect((await called(client, "list_mcp_server_clients", { server_id })).items).toEqual([]);
    await called(client, "delete_mcp_server", { server_id });
    expect(await refused(client, "get_mcp_server", { server_id })).toContain("not found");
  });
});

test("an id that could be part of a path is refused before it is one", async () => {
  for (const server_id of ["res_1/../../x", "../organizations", "res_1?x=y"])
    expect(await refused(client, "get_mcp_server", { server_id })).toContain("server_id");
});
