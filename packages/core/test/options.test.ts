import { describe, expect, it } from "vitest";
import { OptionError } from "../src/option-error.js";
import type { McpAuthzOptions } from "../src/options.js";
import type { Provider } from "../src/provider.js";
import { settingsOf } from "../src/settings.js";

const provider: Provider = {
  authorizationServers: ["https://as.example.com"],
  verifierFor: () => ({ verify: () => ({ kind: "unavailable", detail: "x" }) }),
};
const good: McpAuthzOptions = { resource: "https://mcp.example.com/mcp", provider, policy: {} };

function messageOf(options: unknown): string {
  try {
    settingsOf(options as McpAuthzOptions);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    return error.message;
  }
  return "(accepted)";
}

/** `given` over options that work; whatever type it has. */
const withOption = (given: object) => messageOf({ ...good, ...given });

const names =
  "resource, provider, policy, implies, path, realm, metadata, rootMetadata, origins, hosts, cors, lists, inBand, sessions, dpop, limits, onEvent, handler, outside";
const policyExample =
  'write a rule for each tool, for example { tools: { list_todos: "todo:read" } }, or { unlisted: "baseline" } to let every valid token do everything.';
const scopeExample =
  'write a scope ("todo:read"), a list of scopes, [] for any authenticated caller, a requirement such as { anyOf: ["a", "b"] }, or a function.';
const providerExample = "write who issues the tokens: scalekit(), jwt({ issuer }) or introspection({ … }).";
const handlerExample =
  "pass what createMcpHandler returns, or another object with a fetch method; leave it out to serve by a route of your own.";
const pathExample = 'write a path without query, for example "/mcp".';
const realmExample = 'use printable ASCII without ", \\ and = (RFC 6750 §3).';
const serversExample = "name at least one issuer, as an absolute URL (RFC 9728 §2).";

it("options that can work are accepted", () => {
  expect(messageOf(good)).toBe("(accepted)");
});

describe("what cannot work is refused at start-up, in a whole sentence:", () => {
  it.each([
    ["null", null, 'Option "options" is null: write { resource, provider, policy }.'],
    ["a string", "https://h", 'Option "options" is "https://h": write { resource, provider, policy }.'],
    [
      "a list",
      [good],
      'Option "options" is [an object with resource, provider, policy]: write { resource, provider, policy }.',
    ],
  ])("%s instead of options", (_, options, message) => {
    expect(messageOf(options)).toBe(message);
  });

  it.each([
    [
      { resource: undefined },
      'Option "resource" is not set: write the public URL of the MCP endpoint, for example "https://mcp.example.com/mcp".',
    ],
    [{ provider: undefined }, `Option "provider" is not set: ${providerExample}`],
    [{ provider: null }, `Option "provider" is null: ${providerExample}`],
    [
      { provider: { clientSecret: "shh" } },
      `Option "provider" is an object with clientSecret: ${providerExample}`,
    ],
    [{ provider: () => provider }, `Option "provider" is a function: ${providerExample}`],
    [
      { provider: { ...provider, verifierFor: () => undefined } },
      'Option "provider" is an object with authorizationServers, verifierFor: its verifierFor has to return an object with a verify method.',
    ],
    [
      { provider: { ...provider, authorizationServers: [] } },
      `Option "provider.authorizationServers" is []: ${serversExample}`,
    ],
    [
      { provider: { ...provider, authorizationServers: ["as.example.com"] } },
      `Option "provider.authorizationServers" is ["as.example.com"]: ${serversExample}`,
    ],
    [
      { provider: { ...provider, authorizationServers: "https://as" } },
      `Option "provider.authorizationServers" is "https://as": ${serversExample}`,
    ],
    [{ policy: undefined }, `Option "policy" is not set: ${policyExample}`],
    [{ policy: "todo:read" }, `Option "policy" is "todo:read": ${policyExample}`],
    [{ policy: null }, `Option "policy" is null: ${policyExample}`],
    [
      { policy: { tool: { a: "b" } } },
      'Option "policy.tool" is an object with a: there is no such option; there are baseline, tools, resources, prompts, methods, unlisted.',
    ],
    [
      { policy: { tools: { "delete todo": "a b" } } },
      'Option "policy.tools.delete todo" is "a b": "a b" is not a scope: no spaces, quotes or backslashes (RFC 6749 §3.3); write several scopes as a list.',
    ],
    [{ policy: { baseline: 5 } }, `Option "policy.baseline" is 5: ${scopeExample}`],
    [
      { policy: { baseline: ["a", "offline_access"] } },
      'Option "policy.baseline" is ["a", "offline_access"]: leave out offline_access: whether a client wants refresh tokens is its own business (MCP 2026-07-28 Authorization, Refresh Tokens).',
    ],
    [
      { implies: "todo:read" },
      'Option "implies" is "todo:read": write for example { "todo:write": "todo:read" }.',
    ],
    [
      { implies: { a: "b c" } },
      'Option "implies.a" is "b c": write scope names, for example { "todo:write": "todo:read" }.',
    ],
    [{ path: "mcp" }, `Option "path" is "mcp": ${pathExample}`],
    [{ path: "" }, `Option "path" is "": ${pathExample}`],
    [{ path: "/mcp?a" }, `Option "path" is "/mcp?a": ${pathExample}`],
    [{ path: "/mcp#a" }, `Option "path" is "/mcp#a": ${pathExample}`],
    [{ path: "/a/../mcp" }, `Option "path" is "/a/../mcp": ${pathExample}`],
    [{ path: "//mcp" }, `Option "path" is "//mcp": ${pathExample}`],
    [{ path: ["/mcp"] }, `Option "path" is ["/mcp"]: ${pathExample}`],
    [{ realm: "" }, `Option "realm" is "": ${realmExample}`],
    [{ realm: 'a"b' }, `Option "realm" is "a\\"b": ${realmExample}`],
    [{ realm: 'x", scope=' }, `Option "realm" is "x\\", scope=": ${realmExample}`],
    [{ realm: "a\r\nb" }, `Option "realm" is "a\\r\\nb": ${realmExample}`],
    [{ realm: "Tâches" }, `Option "realm" is "Tâches": ${realmExample}`],
    [{ metadata: "x" }, 'Option "metadata" is "x": write RFC 9728\'s names.'],
    [
      { metadata: { resource: "https://other" } },
      'Option "metadata.resource" is "https://other": leave it out; it is always the resource option, "https://mcp.example.com/mcp".',
    ],
    [
      { metadata: { scopes_supported: "a" } },
      'Option "metadata.scopes_supported" is "a": write a list of strings.',
    ],
    [
      { metadata: { scopes_supported: ["a", "b c"] } },
      'Option "metadata.scopes_supported" is ["a", "b c"]: "b c" is not a scope (RFC 6749 §3.3).',
    ],
    [
      { metadata: { authorization_servers: ["as"] } },
      `Option "provider.authorizationServers" is ["as"]: ${serversExample}`,
    ],
    [{ rootMetadata: "no" }, 'Option "rootMetadata" is "no": write true or false.'],
    [{ cors: "no" }, 'Option "cors" is "no": write true or false.'],
    [{ origins: "https://a" }, 'Option "origins" is "https://a": write a list of strings.'],
    [{ hosts: "a" }, 'Option "hosts" is "a": write a list of strings.'],
    [{ hosts: [5] }, 'Option "hosts" is [5]: write a list of strings.'],
    [{ lists: 5 }, 'Option "lists" is 5: write { filter: true }.'],
    [{ lists: { filter: "a" } }, 'Option "lists.filter" is "a": write a list of strings.'],
    [
      { lists: { filters: true } },
      'Option "lists.filters" is true: there is no such option; there are filter, securitySchemes.',
    ],
    [
      { inBand: "x" },
      'Option "inBand" is "x": write true, false, or a function of the request that says when.',
    ],
    [
      { sessions: {} },
      'Option "sessions" is an object with nothing in it: pass a store with get, set and delete, for example a Keyv.',
    ],
    [{ sessions: new Map() }, "(accepted)"],
    [{ limits: 5 }, 'Option "limits" is 5: write for example { body: 1048576 }.'],
    [
      { limits: { bodi: 5 } },
      'Option "limits.bodi" is 5: there is no such option; there are body, bodyTimeout, token, batch.',
    ],
    [{ limits: { body: 0 } }, 'Option "limits.body" is 0: write a whole number above zero.'],
    [
      { limits: { bodyTimeout: 1.5 } },
      'Option "limits.bodyTimeout" is 1.5: write a whole number above zero.',
    ],
    [{ limits: { token: "8192" } }, 'Option "limits.token" is "8192": write a whole number above zero.'],
    [
      { limits: { batch: Number.POSITIVE_INFINITY } },
      'Option "limits.batch" is Infinity: write a whole number above zero.',
    ],
    [{ limits: { batch: Number.NaN } }, 'Option "limits.batch" is NaN: write a whole number above zero.'],
    [{ onEvent: "log" }, 'Option "onEvent" is "log": pass a function that takes an event.'],
    [{ handler: {} }, `Option "handler" is an object with nothing in it: ${handlerExample}`],
    [{ handler: () => new Response() }, `Option "handler" is a function: ${handlerExample}`],
    [{ orgins: [] }, `Option "orgins" is []: there is no such option; there are ${names}.`],
  ])("%j", (given, message) => {
    expect(withOption(given)).toBe(message);
  });
});

describe("an option error", () => {
  const error = new OptionError("realm", "x", "write y.");

  it("can be told by its code, and read by a program", () => {
    expect(error).toMatchObject({
      name: "OptionError",
      code: "ERR_MCP_AUTHZ_OPTION",
      option: "realm",
      instead: "write y.",
      message: 'Option "realm" is "x": write y.',
    });
    expect(error).toBeInstanceOf(TypeError);
  });

  it.each([
    ["x".repeat(500), `"${"x".repeat(120)}…"`],
    [["a", "b", "c", "d", "e", "f"], '["a", "b", "c", "d", "e", …]'],
    [{ secret: "shh" }, "an object with secret"],
    [[{ secret: "shh" }], "[an object with secret]"],
    [10n, "10"],
    [Symbol("s"), "Symbol(s)"],
    [Object.create(null), "an object with nothing in it"],
  ])("shows what was received, but no more than helps: %#", (received, shown) => {
    expect(new OptionError("o", received, "w.").message).toBe(`Option "o" is ${shown}: w.`);
  });
});

describe("the metadata document", () => {
  const documentOf = (given: object = {}) => JSON.parse(settingsOf({ ...good, ...given }).document);

  it("has the least that it needs", () => {
    expect(documentOf()).toEqual({
      resource: "https://mcp.example.com/mcp",
      authorization_servers: ["https://as.example.com"],
      bearer_methods_supported: ["header"],
    });
  });

  it("takes the baseline as its scopes, unless others are given", () => {
    const policy = { baseline: ["a", "b"] };
    expect(documentOf({ policy }).scopes_supported).toEqual(["a", "b"]);
    expect(
      documentOf({ policy, metadata: { scopes_supported: ["c", "offline_access"] } }).scopes_supported,
    ).toEqual(["c"]);
    const console = { ...provider, metadata: { scopes_supported: ["from:console"] } };
    expect(documentOf({ provider: console }).scopes_supported).toEqual(["from:console"]);
    expect(documentOf({ provider: console, policy }).scopes_supported).toEqual(["a", "b"]);
  });

  it("takes the user's own words before the provider's, and neither's for the resource and how tokens are sent", () => {
    const console = {
      ...provider,
      metadata: {
        resource: "https://other",
        authorization_servers: ["https://x"],
        resource_name: "C",
        jwks_uri: "https://k",
      },
    };
    expect(
      documentOf({
        provider: console,
        metadata: { resource_name: "Mine", bearer_methods_supported: ["body"] },
      }),
    ).toEqual({
      resource: "https://mcp.example.com/mcp",
      authorization_servers: ["https://as.example.com"],
      resource_name: "Mine",
      jwks_uri: "https://k",
      bearer_methods_supported: ["header"],
    });
  });

  it("keeps issuers byte for byte", () => {
    const servers = ["https://as.example.com/", "https://as.example.com/resources/res_1"];
    expect(
      documentOf({ provider: { ...provider, authorizationServers: servers } }).authorization_servers,
    ).toEqual(servers);
  });
});

describe("a polluted prototype configures nothing:", () => {
  it("options are read where they were written", () => {
    const polluted = Object.assign(
      Object.create({ cors: false, path: "/other", hosts: ["evil"], realm: "evil" }),
      good,
    );
    const settings = settingsOf(polluted);
    expect(settings).toMatchObject({ cors: true, challenge: { realm: "OAuth" } });
    expect(settings.place("/other")).toBe("outside");
  });

  it("so is the policy", () => {
    const policy = Object.create({ unlisted: "baseline", tools: { t: { public: true } } });
    expect(settingsOf({ ...good, policy }).policy.open).toBe(false);
  });
});

it("a provider is asked for its verifier once, for this resource", () => {
  const asked: string[] = [];
  settingsOf({
    ...good,
    provider: {
      ...provider,
      verifierFor(resource) {
        asked.push(resource.identifier);
        return provider.verifierFor(resource);
      },
    },
  });
  expect(asked).toEqual(["https://mcp.example.com/mcp"]);
});
