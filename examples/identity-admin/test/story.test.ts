import type { HeadlessHost } from "@mcp-authz/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type IdentityAdmin, startIdentityAdmin } from "./identity-admin.js";

const OLIVIA = "olivia+sktest@ops.example";
const SAM = "sam+sktest@ops.example";
const MAX = "max+sktest@ops.example";

describe.each([1, 2] as const)("with a host on the MCP SDK v%i", (version) => {
  let admin: IdentityAdmin;
  let olivia: HeadlessHost;

  beforeAll(async () => {
    admin = await startIdentityAdmin();
    olivia = await admin.host(OLIVIA, version);
  });
  afterAll(async () => {
    await olivia.close();
    await admin.close();
  });

  test("an operator who just logged in sees what reads the environment, and nothing else", async () => {
    expect(olivia.scope?.split(" ").filter((scope) => scope !== "offline_access")).toEqual(["env:read"]);
    expect((await olivia.listTools()).toSorted()).toEqual([
      "get_environment_details",
      "get_mcp_server",
      "list_environment_connections",
      "list_environment_credentials",
      "list_environment_roles",
      "list_environment_scopes",
      "list_environments",
      "list_mcp_server_clients",
      "list_mcp_servers",
      "list_post_logout_redirect_uris",
      "list_redirect_uris",
      "search_docs",
    ]);
  });

  test("steps up, writes, and finds what was written, also with the environment's own eyes", async () => {
    const made = await olivia.callTool("create_organization", { display_name: "Initech" });
    expect(made.isError).toBeFalsy();
    expect(olivia.scope).toContain("org:write");
    const { organization } = made.structuredContent as { organization: { id: string } };
    const seen = await olivia.callTool("get_organization_details", { organization_id: organization.id });
    expect(seen.structuredContent).toMatchObject({ organization: { display_name: "Initech" } });
    expect(admin.dev.organizations.find(({ id }) => id === organization.id)?.name).toBe("Initech");
    expect(await olivia.listTools()).toContain("delete_organization");
  });

  test("is named in the audit log, where the environment only knows this server", () => {
    expect(admin.audited).toContainEqual(
      expect.objectContaining({
        tool: "create_organization",
        outcome: "done",
        caller: expect.objectContaining({ subject: admin.dev.users[0]?.id, kind: "person" }),
      }),
    );
  });

  test("support may read and not write, whatever it grants to its client", async () => {
    const sam = await admin.host(SAM, version);
    expect((await sam.callTool("list_organizations")).isError).toBeFalsy();
    await expect(sam.callTool("create_organization", { display_name: "Mine" })).rejects.toThrow();
    expect(admin.dev.organizations.map(({ name }) => name)).not.toContain("Mine");
    await sam.close();
  });

  test("somebody without a permission sees the guides alone", async () => {
    const max = await admin.host(MAX, version);
    expect(await max.listTools()).toEqual(["search_docs"]);
    await expect(max.callTool("list_environments")).rejects.toThrow();
    await max.close();
  });

  test("no caller's token reaches the management API, neither over gRPC nor over REST", async () => {
    await olivia.callTool("list_mcp_servers");
    const clientId = admin.dev.env.SCALEKIT_CLIENT_ID;
    const calls = admin.dev.requests.filter(({ kind }) => kind === "management");
    const callers = calls.filter(({ error }) => error !== "unauthenticated");
    expect(callers.length).toBeGreaterThan(2);
    for (const call of callers) expect(call).toMatchObject({ clientId, subject: clientId });
    // The SDK finds out that it needs a token by calling without one.
    for (const call of calls.filter((one) => !callers.includes(one))) expect(call.subject).toBeUndefined();
    const signature = olivia.accessToken?.split(".")[2] ?? "no token";
    expect(admin.sent.length).toBeGreaterThan(0);
    expect(admin.sent.join()).not.toContain(signature);
  });
});
