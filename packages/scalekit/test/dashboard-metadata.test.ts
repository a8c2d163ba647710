import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ScalekitOptions, scalekit } from "../src/index.js";
import { resourceAt } from "./resource-at.js";

const document = {
  authorization_servers: ["https://acme.scalekit.com/resources/res_1"],
  bearer_methods_supported: ["header"],
  resource: "https://mcp.example.com/mcp",
  resource_documentation: "https://mcp.example.com/docs",
  scopes_supported: ["todo:read", "todo:write"],
};

beforeEach(() => {
  for (const name of [
    "SCALEKIT_ENVIRONMENT_URL",
    "SCALEKIT_ENV_URL",
    "SK_ENV_URL",
    "SCALEKIT_RESOURCE_ID",
    "MCP_SERVER_ID",
    "PROTECTED_RESOURCE_METADATA",
  ])
    vi.stubEnv(name, undefined);
});
afterEach(() => void vi.unstubAllEnvs());

function messageFor(options: ScalekitOptions, resource = "https://mcp.example.com/mcp"): string {
  try {
    scalekit(options).verifierFor(resourceAt(resource));
  } catch (error) {
    expect(error).toMatchObject({ name: "OptionError", code: "ERR_MCP_AUTHZ_OPTION" });
    return (error as Error).message;
  }
  throw new Error("no error was thrown");
}

describe("what is taken from the Metadata JSON", () => {
  it("is environment and resource id, from the text alone", () => {
    const provider = scalekit({ metadata: JSON.stringify(document) });
    expect(provider.authorizationServers).toEqual(["https://acme.scalekit.com/resources/res_1"]);
  });

  it("is read from PROTECTED_RESOURCE_METADATA", () => {
    vi.stubEnv("PROTECTED_RESOURCE_METADATA", JSON.stringify(document));
    expect(scalekit().authorizationServers).toEqual(["https://acme.scalekit.com/resources/res_1"]);
  });

  it("is what it publishes: scopes and what people may read, and nothing that the gate decides", () => {
    expect(
      scalekit({
        metadata: { ...document, resource_name: "Todos", "resource_name#fr": "Tâches", jwks_uri: "x" },
      }).metadata,
    ).toEqual({
      resource_name: "Todos",
      "resource_name#fr": "Tâches",
      resource_documentation: "https://mcp.example.com/docs",
      scopes_supported: ["todo:read", "todo:write"],
    });
  });

  it("is not an empty list of scopes, nor an empty text", () => {
    expect(
      scalekit({ metadata: { ...document, scopes_supported: [], resource_documentation: "" } }).metadata,
    ).toEqual({});
  });

  it("is not offline_access, which no resource server asks for", () => {
    expect(
      scalekit({ metadata: { ...document, scopes_supported: ["todo:read", "offline_access"] } }).metadata,
    ).toMatchObject({ scopes_supported: ["todo:read"] });
  });
});

describe("the Metadata JSON and the gate's resource", () => {
  it.each([
    ["https://mcp.example.com/mcp", "https://mcp.example.com/mcp"],
    ["https://mcp.example.com/mcp/", "https://mcp.example.com/mcp"],
    ["https://mcp.example.com/", "https://mcp.example.com"],
    ["https://mcp.example.com", "https://mcp.example.com/"],
  ])("agree when one says %j and the other %j", (theirs, ours) => {
    const provider = scalekit({ metadata: { ...document, resource: theirs } });
    expect(provider.verifierFor(resourceAt(ours))).toBeDefined();
  });

  it.each([
    ["https://mcp.example.com/", 'path ("/" and "/mcp")'],
    ["https://mcp.example.com/mcp//", 'path ("/mcp//" and "/mcp")'],
    ["https://mcp.example.org/mcp", 'host ("mcp.example.org" and "mcp.example.com")'],
    ["https://mcp.example.com:8443/mcp", 'host ("mcp.example.com:8443" and "mcp.example.com")'],
    ["http://mcp.example.com/mcp", 'scheme ("http:" and "https:")'],
    ["https://MCP.example.com/mcp", "spelling"],
    ["mcp.example.com", "spelling"],
  ])("do not agree when it says %j", (resource, difference) => {
    expect(messageFor({ metadata: { ...document, resource } })).toBe(
      `Option "metadata.resource" is ${JSON.stringify(resource)}: the gate's resource is "https://mcp.example.com/mcp": they differ in ${difference}. Write the same URL in both: clients ask Scalekit for tokens under the gate's (RFC 8707), and Scalekit knows the one that the dashboard calls Server URL.`,
    );
  });
});

describe("Metadata JSON that cannot be used", () => {
  it("is not JSON, and the message names the variable", () => {
    vi.stubEnv("PROTECTED_RESOURCE_METADATA", '\'{"resource":');
    expect(messageFor({})).toBe(
      'Option "metadata" is "\'{\\"resource\\":": that is not JSON; copy it as it stands under Dashboard > MCP Servers > your server > Metadata JSON. It was read from the environment variable PROTECTED_RESOURCE_METADATA.',
    );
  });

  it("is not an object", () => {
    expect(messageFor({ metadata: "[]" })).toBe(
      'Option "metadata" is "[]": that is not a JSON object; copy it as it stands under Dashboard > MCP Servers > your server > Metadata JSON.',
    );
  });

  it("is that of another resource id", () => {
    expect(messageFor({ metadata: document, resourceId: "res_2" })).toBe(
      'Option "metadata.authorization_servers[0]" is "https://acme.scalekit.com/resources/res_1": Option "resourceId" says "res_2", this says "res_1". Copy both from the same MCP server of the same environment.',
    );
  });

  it("is that of another environment", () => {
    vi.stubEnv("SCALEKIT_ENVIRONMENT_URL", "https://acme.scalekit.dev");
    expect(messageFor({ metadata: document })).toBe(
      'Option "metadata.authorization_servers[0]" is "https://acme.scalekit.com/resources/res_1": The variable SCALEKIT_ENVIRONMENT_URL says "https://acme.scalekit.dev", this says "https://acme.scalekit.com". Copy both from the same MCP server of the same environment.',
    );
  });

  it.each([
    [
      "https://acme.scalekit.com/resources/res_1/",
      "leave out the trailing slash: clients compare this with the server's own issuer (RFC 8414 §3.3).",
    ],
    [
      "https://<SCALEKIT_ENVIRONMENT_URL>/resources/<YOUR_RESOURCE_ID>",
      'put the real values in place of the placeholders: "https://<environment>/resources/res_…".',
    ],
    ["https://acme.scalekit.com", 'write "https://<environment>/resources/res_…".'],
  ])("has the authorization server %j", (server, sentence) => {
    expect(messageFor({ metadata: { ...document, authorization_servers: [server] } })).toBe(
      `Option "metadata.authorization_servers[0]" is ${JSON.stringify(server)}: ${sentence}`,
    );
  });

  it("has no authorization server, or several", () => {
    expect(messageFor({ metadata: { resource: document.resource } })).toBe(
      'Option "metadata.authorization_servers" is not set: write exactly one authorization server, "https://<environment>/resources/res_…"; tokens of others are not accepted here.',
    );
  });

  it("has an environment reached over http", () => {
    expect(
      messageFor({
        metadata: { ...document, authorization_servers: ["http://acme.scalekit.com/resources/res_1"] },
      }),
    ).toBe(
      'Option "environmentUrl" is "http://acme.scalekit.com": use https: "https://acme.scalekit.com". Keys fetched over http could be anybody\'s; http is only for localhost, 127.0.0.1 and [::1].',
    );
  });

  it("has scopes that are none", () => {
    expect(messageFor({ metadata: { ...document, scopes_supported: "todo:read" } })).toBe(
      'Option "metadata.scopes_supported" is "todo:read": write a list, for example ["todo:read", "todo:write"].',
    );
    expect(messageFor({ metadata: { ...document, scopes_supported: ["todo:read", "a b"] } })).toBe(
      'Option "metadata.scopes_supported[1]" is "a b": write one scope, without spaces, quotes or backslashes (RFC 6749 §3.3).',
    );
  });
});
