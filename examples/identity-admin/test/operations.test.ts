import type { Client } from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { called, type IdentityAdmin, type Json, refused, startIdentityAdmin } from "./identity-admin.js";

const FAILED = "The environment did not answer as it should. Try again later.";

let admin: IdentityAdmin;
let client: Client;

beforeAll(async () => {
  admin = await startIdentityAdmin();
  client = await admin.client("env:read", "env:write", "org:read", "org:write", "wks:read", "wks:write");
});
afterAll(async () => {
  await client.close();
  await admin.close();
});

function notes(url: string): Json & { url: string } {
  const scopes = [{ name: "notes:read", description: "Read notes" }, { name: "notes:write" }];
  return { name: "Notes", url, scopes };
}

/** Everything that registering a server could leave behind. */
function registered(): unknown {
  return { servers: admin.dev.servers.map(({ id }) => id), organizations: admin.dev.organizations.length };
}

async function scopeNames(): Promise<string[]> {
  const { items } = await called(client, "list_environment_scopes", { limit: 100 });
  return (items as { name: string }[]).map(({ name }) => name);
}

describe("registering an MCP server", () => {
  test("creates it with its scopes, and returns what its code needs", async () => {
    const answer = await called(client, "register_mcp_server", notes("http://127.0.0.1:4001/mcp"));
    const { id } = answer.server as { id: string };
    expect(answer).toEqual({
      server: {
        id: expect.stringMatching(/^res_/),
        name: "Notes",
        url: "http://127.0.0.1:4001/mcp",
        scopes: ["notes:read", "notes:write"],
        dynamic_registration: true,
        client_id_metadata: true,
        access_token_lifetime: 3600,
      },
      metadata: {
        resource: "http://127.0.0.1:4001/mcp",
        authorization_servers: [`${admin.dev.url}/resources/${id}`],
        bearer_methods_supported: ["header"],
        resource_documentation: "http://127.0.0.1:4001/mcp/docs",
        scopes_supported: ["notes:read", "notes:write"],
      },
      env: { SCALEKIT_ENVIRONMENT_URL: admin.dev.url, SCALEKIT_RESOURCE_ID: id },
    });
    expect(admin.dev.servers.find((server) => server.id === id)?.scopes[0]).toEqual({
      name: "notes:read",
      description: "Read notes",
    });
  });

  test("is refused where another server has the URL", async () => {
    expect(await refused(client, "register_mcp_server", notes("http://127.0.0.1:4001/mcp"))).toBe(
      "Look whether the URL is free: Another MCP server has this URL. Nothing was left behind.",
    );
  });

  test.each([
    ["a scope cannot be created", "CreateScope", false],
    ["the answer about a new scope is lost", "CreateScope", true],
    ["the server cannot be registered", "CreateResource", false],
    ["the answer about the new server is lost", "CreateResource", true],
    ["its scopes cannot be set", "UpdateResource", false],
    ["its metadata cannot be fetched", "GetResource", false],
  ])("leaves nothing behind when %s", async (_when, method, applied) => {
    const before = [registered(), await scopeNames()];
    admin.dev.setManagementFault({ method, applied });
    const scopes = [{ name: "mail:read" }, { name: "mail:send" }];
    const url = "http://127.0.0.1:4002/mcp";
    const text = await refused(client, "register_mcp_server", { name: "Mail", url, scopes });
    expect(text).toContain(FAILED);
    expect(text).toMatch(/Nothing was left behind\.$/);
    expect([registered(), await scopeNames()]).toEqual(before);
  });

  test("says what it could not take back", async () => {
    const scopes = [{ name: "left:behind" }];
    const url = "http://127.0.0.1:4003/mcp";
    admin.dev.setManagementFault({ method: "CreateResource" });
    const stop = admin.dev.onRequest(({ path, status }) => {
      if (path === "/api/v1/resources" && status === 500)
        admin.dev.setManagementFault({ method: "DeleteScope" });
    });
    const text = await refused(client, "register_mcp_server", { name: "Left", url, scopes });
    stop();
    expect(text).toBe(
      `Register the server: ${FAILED} These steps could not be taken back, look after them: Create the scope left:behind.`,
    );
    await called(client, "delete_environment_scope", { name: "left:behind" });
  });

  test("once, however often it is sent with the same key: at the same time, and again", async () => {
    const args = { ...notes("http://127.0.0.1:4004/mcp"), idempotency_key: "notes-4004" };
    const answers = await Promise.all([1, 2, 3].map(() => called(client, "register_mcp_server", args)));
    answers.push(await called(client, "register_mcp_server", args));
    expect(new Set(answers.map(({ server }) => (server as { id: string }).id)).size).toBe(1);
    expect(admin.dev.servers.filter(({ url }) => url === args.url)).toHaveLength(1);
    expect(await refused(client, "register_mcp_server", { ...args, name: "Other" })).toBe(
      "This idempotency_key came with other arguments before. Choose another one.",
    );
  });

  test("a key belongs to one caller: somebody else's is another one", async () => {
    const other = await admin.client("env:read", "env:write");
    const args = { ...notes("http://127.0.0.1:4004/mcp"), idempotency_key: "notes-4004" };
    expect(await refused(other, "register_mcp_server", args)).toContain("Another MCP server has this URL");
    await other.close();
  });

  test("a key whose call failed can be used again", async () => {
    const args = { ...notes("http://127.0.0.1:4005/mcp"), idempotency_key: "notes-4005" };
    admin.dev.setManagementFault({ method: "UpdateResource" });
    await refused(client, "register_mcp_server", args);
    expect(await called(client, "register_mcp_server", args)).toMatchObject({ server: { name: "Notes" } });
  });
});

describe("creating an organization with its first user", () => {
  test.each([
    ["the user exists already", "CreateUserAndMembership", undefined],
    ["the user cannot be created", "CreateUserAndMembership", false],
    ["the answer about the user is lost", "CreateUserAndMembership", true],
    ["the answer about the organization is lost", "CreateOrganization", true],
  ])("leaves neither when %s", async (_when, method, applied) => {
    const before = registered();
    if (applied !== undefined) admin.dev.setManagementFault({ method, applied });
    const first_user_email = applied === undefined ? "max+sktest@ops.example" : "new@initech.example";
    const text = await refused(client, "create_organization", { display_name: "Initech", first_user_email });
    expect(text).toMatch(/Nothing was left behind\.$/);
    expect(registered()).toEqual(before);
    expect(admin.dev.users).toHaveLength(3);
  });

  test("makes both", async () => {
    const args = { display_name: "Initech", external_id: "initech", first_user_email: "new@initech.example" };
    const { organization, first_user: user } = await called(client, "create_organization", args);
    expect(organization).toMatchObject({ external_id: "initech" });
    expect(user).toMatchObject({ organizations: [(organization as { id: string }).id] });
    expect(await refused(client, "create_organization", args)).toContain("this external_id");
  });
});

describe("a list of URIs", () => {
  const redirectUris = async () => {
    const { items } = await called(client, "list_redirect_uris", { limit: 100 });
    return (items as { uri: string }[]).map(({ uri }) => uri);
  };

  test("loses none of many that are added at the same time", async () => {
    const uris = [1, 2, 3, 4, 5].map((port) => `http://127.0.0.1:${port}/callback`);
    await Promise.all(uris.map((uri) => called(client, "add_redirect_uri", { uri })));
    expect(await redirectUris()).toEqual(uris);
  });

  test("stays as it is when adding twice, and when removing what is not there", async () => {
    const before = await redirectUris();
    await called(client, "add_redirect_uri", { uri: before[0] });
    await called(client, "remove_redirect_uri", { uri: "http://127.0.0.1:9/nowhere" });
    expect(await redirectUris()).toEqual(before);
  });

  test.each([false, true])("is put back when writing fails (done all the same: %s)", async (applied) => {
    const before = await redirectUris();
    admin.dev.setManagementFault({ method: "UpdateClient", applied });
    const text = await refused(client, "add_redirect_uri", { uri: "http://127.0.0.1:6/callback" });
    expect(text).toBe(`Write it back: ${FAILED} Nothing was left behind.`);
    expect(await redirectUris()).toEqual(before);
  });

  test("is refused by the environment's own rules, in its words", async () => {
    const text = await refused(client, "add_redirect_uri", { uri: "http://example.com/callback" });
    expect(text).toContain("redirect_uris must use https");
  });

  test("can be emptied", async () => {
    for (const uri of await redirectUris()) await called(client, "remove_redirect_uri", { uri });
    expect(await redirectUris()).toEqual([]);
  });
});

describe("progress", () => {
  const steps = [
    "Look whether the URL is free",
    "Look which scopes there are",
    "Create the scope p1:read",
    "Register the server",
    "Set its scopes",
    "Fetch its metadata",
    "Done",
  ];
  const call = (url: string) => ({
    name: "register_mcp_server",
    arguments: { name: "Progress", url, scopes: [{ name: "p1:read" }] },
  });

  test("is told to a client of SDK v2, step by step", async () => {
    const seen: unknown[] = [];
    const onprogress = ({ message }: { message?: string | undefined }) => seen.push(message);
    const { isError } = await client.callTool(call("http://127.0.0.1:4010/mcp"), { onprogress });
    expect(isError).toBeFalsy();
    expect(seen).toEqual(steps);
  });

  test("is told to a client of SDK v1, step by step", async () => {
    const issued = await admin.token("env:read", "env:write");
    const v1 = new ClientV1({ name: "test", version: "1" });
    const headers = { Authorization: `Bearer ${issued}` };
    await v1.connect(new TransportV1(new URL(admin.url), { requestInit: { headers } }) as Transport);
    const seen: unknown[] = [];
    const options = { onprogress: ({ message }: { message?: string | undefined }) => seen.push(message) };
    await v1.callTool(call("http://127.0.0.1:4011/mcp"), undefined, options);
    expect(seen).toEqual(steps.filter((step) => step !== "Create the scope p1:read"));
    await v1.close();
  });
});

test("what is our own fault stays in the audit log, and the caller reads nothing about it", async () => {
  admin.dev.setManagementFault({ method: "ListMembers" });
  expect(await refused(client, "list_workspace_members")).toBe(FAILED);
  const { error } = admin.audited.at(-1) ?? {};
  expect(error).toMatchObject({ name: "ManagementError", code: 13 });
});
