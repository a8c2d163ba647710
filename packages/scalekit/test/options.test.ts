import { Scalekit } from "@scalekit-sdk/node";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ScalekitOptions, scalekit } from "../src/index.js";

const environmentUrl = "https://acme.scalekit.com";
const resourceId = "res_92015146095";

beforeEach(() => {
  for (const name of [
    "SCALEKIT_ENVIRONMENT_URL",
    "SCALEKIT_ENV_URL",
    "SK_ENV_URL",
    "SCALEKIT_RESOURCE_ID",
    "MCP_SERVER_ID",
    "SCALEKIT_CLIENT_ID",
    "SK_CLIENT_ID",
    "SCALEKIT_CLIENT_SECRET",
    "SK_CLIENT_SECRET",
    "PROTECTED_RESOURCE_METADATA",
  ])
    vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

function messageFor(options: ScalekitOptions): string {
  try {
    scalekit(options);
  } catch (error) {
    expect(error).toMatchObject({ name: "OptionError", code: "ERR_MCP_AUTHZ_OPTION" });
    return (error as Error).message;
  }
  throw new Error("no error was thrown");
}

describe("where options come from", () => {
  it("advertises the authorization server that issues for this resource", () => {
    expect(scalekit({ environmentUrl, resourceId }).authorizationServers).toEqual([
      "https://acme.scalekit.com/resources/res_92015146095",
    ]);
  });

  it.each([
    ["the guide's", "SCALEKIT_ENVIRONMENT_URL", "SCALEKIT_RESOURCE_ID"],
    ["the SDK's", "SCALEKIT_ENV_URL", "SCALEKIT_RESOURCE_ID"],
    ["the demos'", "SK_ENV_URL", "MCP_SERVER_ID"],
  ])("reads %s environment variables", (_, url, id) => {
    vi.stubEnv(url, "https://acme.scalekit.dev");
    vi.stubEnv(id, "app_1");
    expect(scalekit().authorizationServers).toEqual(["https://acme.scalekit.dev/resources/app_1"]);
  });

  it("lets an option go before its environment variable", () => {
    vi.stubEnv("SCALEKIT_ENVIRONMENT_URL", "https://other.scalekit.com");
    vi.stubEnv("SCALEKIT_RESOURCE_ID", "res_other");
    expect(scalekit({ environmentUrl, resourceId }).authorizationServers).toEqual([
      "https://acme.scalekit.com/resources/res_92015146095",
    ]);
  });

  it("takes an empty environment variable for one that is not set", () => {
    vi.stubEnv("SCALEKIT_ENVIRONMENT_URL", "");
    vi.stubEnv("SK_ENV_URL", environmentUrl);
    expect(scalekit({ resourceId }).authorizationServers).toEqual([
      "https://acme.scalekit.com/resources/res_92015146095",
    ]);
  });

  it("does without process, as at the edge", () => {
    vi.stubGlobal("process", undefined);
    expect(scalekit({ environmentUrl, resourceId }).authorizationServers).toHaveLength(1);
  });

  it("does without an environment that may not be read, as on Deno", () => {
    vi.stubGlobal("process", {
      get env() {
        throw new Error("NotCapable: Requires env access");
      },
    });
    expect(scalekit({ environmentUrl, resourceId }).authorizationServers).toHaveLength(1);
  });

  it("takes the environment from the SDK's client when nothing else names it", () => {
    expect(scalekit({ sdk: new Scalekit(environmentUrl, "", ""), resourceId }).authorizationServers).toEqual([
      "https://acme.scalekit.com/resources/res_92015146095",
    ]);
  });

  it("takes http on loopback, for a development server", () => {
    expect(scalekit({ environmentUrl: "http://localhost:9090", resourceId }).authorizationServers).toEqual([
      "http://localhost:9090/resources/res_92015146095",
    ]);
  });
});

describe("what an environmentUrl must be", () => {
  it("names the option and the variable when it is not set", () => {
    expect(messageFor({})).toBe(
      'Option "environmentUrl" is not set: set the environment variable SCALEKIT_ENVIRONMENT_URL, or write scalekit({ environmentUrl: "https://acme.scalekit.com" }), or hand over the dashboard\'s Metadata JSON as metadata.',
    );
  });

  it("says which variable a wrong value came from", () => {
    vi.stubEnv("SK_ENV_URL", "https://acme.scalekit.com/");
    expect(messageFor({ resourceId })).toBe(
      'Option "environmentUrl" is "https://acme.scalekit.com/": leave out the trailing slash: "https://acme.scalekit.com". It was read from the environment variable SK_ENV_URL.',
    );
  });

  it.each([
    ["https://acme.scalekit.com/", 'leave out the trailing slash: "https://acme.scalekit.com".'],
    [
      "https://acme.scalekit.com/resources/res_1",
      'that is the URL of one resource; write "https://acme.scalekit.com", and "res_1" as resourceId.',
    ],
    [
      "https://acme.scalekit.com/.well-known/openid-configuration",
      'leave out everything behind the host: "https://acme.scalekit.com".',
    ],
    ["https://acme.scalekit.com?x=1", 'leave out everything behind the host: "https://acme.scalekit.com".'],
    [
      "http://acme.scalekit.com",
      'use https: "https://acme.scalekit.com". Keys fetched over http could be anybody\'s; http is only for localhost, 127.0.0.1 and [::1].',
    ],
    ["acme.scalekit.com", 'write it with its scheme: "https://acme.scalekit.com".'],
    [
      "https://ACME.scalekit.com:443",
      'write scheme and host in lower case, without the default port: "https://acme.scalekit.com".',
    ],
    ["https://user:pw@acme.scalekit.com", "leave out the user name and password."],
    [
      ' "https://acme.scalekit.com"',
      'leave out the quotes and spaces around it: "https://acme.scalekit.com".',
    ],
    [
      "https://app.scalekit.com",
      "that is Scalekit's own site; write the environment's URL, for example \"https://acme.scalekit.com\", or your custom domain (Dashboard > Settings > API credentials).",
    ],
    [
      "https://<your-environment>",
      'write the environment\'s URL, for example "https://acme.scalekit.com", or your custom domain (Dashboard > Settings > API credentials).',
    ],
    [
      "res_92015146095",
      'that is a resource id; write the environment\'s URL, for example "https://acme.scalekit.com", or your custom domain (Dashboard > Settings > API credentials).',
    ],
    [
      "",
      'write the environment\'s URL, for example "https://acme.scalekit.com", or your custom domain (Dashboard > Settings > API credentials).',
    ],
  ])("refuses %j", (value, sentence) => {
    expect(messageFor({ environmentUrl: value, resourceId })).toBe(
      `Option "environmentUrl" is ${JSON.stringify(value)}: ${sentence}`,
    );
  });
});

describe("what a resourceId must be", () => {
  const where = 'the resource id ("res_…") stands beside the server\'s name under Dashboard > MCP Servers.';

  it("names the option and the variable when it is not set", () => {
    expect(messageFor({ environmentUrl })).toBe(
      'Option "resourceId" is not set: set the environment variable SCALEKIT_RESOURCE_ID, or write scalekit({ resourceId: "res_…" }), or hand over the dashboard\'s Metadata JSON as metadata.',
    );
  });

  it("says which variable a wrong value came from", () => {
    vi.stubEnv("SCALEKIT_RESOURCE_ID", "skc_123");
    expect(messageFor({ environmentUrl })).toBe(
      `Option "resourceId" is "skc_123": that is the client id of an environment; ${where} It was read from the environment variable SCALEKIT_RESOURCE_ID.`,
    );
  });

  it.each([
    ["skc_123", `that is the client id of an environment; ${where}`],
    ["prd_skc_123", `that is the client id of an environment; ${where}`],
    ["m2m_123", `that is the client id of an MCP client; ${where}`],
    ["m2morg_123", `that is the client id of an organization's API client; ${where}`],
    ["conn_123", `that is the id of a connection; ${where}`],
    ["org_123", `that is the id of an organization; ${where}`],
    ["usr_123", `that is the id of a user; ${where}`],
    ["snk_123", `that is the id of a signing key; ${where}`],
    ["todo-server", `a resource id begins with "res_" (or "app_"); ${where}`],
    ["res_<YOUR_RESOURCE_ID>", `that is a placeholder; ${where}`],
    ["res_…", `that is a placeholder; ${where}`],
    [
      "https://mcp.example.com/mcp",
      `that is a URL; the server's public URL belongs in the gate's "resource". Here, ${where}`,
    ],
    ["https://acme.scalekit.com/resources/res_1", 'write the id alone, without the URL: "res_1".'],
    ["'res_1'", 'leave out the quotes and spaces around it: "res_1".'],
    ["res_1\n", 'leave out the quotes and spaces around it: "res_1".'],
    ["", `write the id of the MCP server; ${where}`],
  ])("refuses %j", (value, sentence) => {
    expect(messageFor({ environmentUrl, resourceId: value })).toBe(
      `Option "resourceId" is ${JSON.stringify(value)}: ${sentence}`,
    );
  });

  it("does not repeat a secret that was pasted in", () => {
    expect(messageFor({ environmentUrl, resourceId: "test_s3cr3t" })).toBe(
      `Option "resourceId" is "test_…": that is a secret, and it belongs in no id. Rotate it if it was logged; ${where}`,
    );
  });
});

describe("what the other options must be", () => {
  it("says that client id and secret are swapped, without repeating the secret", () => {
    expect(messageFor({ environmentUrl, resourceId, clientId: "test_s3cr3t", clientSecret: "skc_1" })).toBe(
      'Option "clientId" is "test_…": that is a secret. It belongs in "clientSecret"; the client id begins with "skc_".',
    );
    expect(messageFor({ environmentUrl, resourceId, clientSecret: "skc_1" })).toBe(
      'Option "clientSecret" is "skc_1": that is the client id of an environment, not a secret (Dashboard > Settings > API credentials).',
    );
  });

  it("says that an MCP client's id is not the environment's", () => {
    vi.stubEnv("SK_CLIENT_ID", "m2m_1");
    expect(messageFor({ environmentUrl, resourceId })).toBe(
      'Option "clientId" is "m2m_1": that is the client id of an MCP client; the environment\'s client id begins with "skc_" (Dashboard > Settings > API credentials). It was read from the environment variable SK_CLIENT_ID.',
    );
  });

  it.each([
    [
      "skc_1",
      "that is the client id of an environment, the audience of ID tokens, and they are no access tokens; leave it out.",
    ],
    [
      "https://acme.scalekit.com",
      "that is the environment, and would let in tokens that were issued for its other servers; leave it out.",
    ],
    ["", "write the resource's URL as it stands in the tokens' aud claim, or leave the option out."],
  ])("refuses the audience %j", (audience, sentence) => {
    expect(messageFor({ environmentUrl, resourceId, audience })).toBe(
      `Option "audience" is ${JSON.stringify(audience)}: ${sentence}`,
    );
  });

  it("refuses issuers that are no URLs, and a list without one", () => {
    expect(messageFor({ environmentUrl, resourceId, issuers: ["acme.scalekit.com"] })).toBe(
      'Option "issuers" is "acme.scalekit.com": write https URLs exactly as they stand in the tokens\' iss claim; http is only for loopback.',
    );
    expect(messageFor({ environmentUrl, resourceId, issuers: [] })).toBe(
      'Option "issuers" is []: leave the option out, or name at least one issuer.',
    );
  });

  it("refuses an option that it does not know, without repeating its value", () => {
    expect(messageFor({ envUrl: environmentUrl, resourceId } as ScalekitOptions)).toBe(
      'Option "envUrl" is "…": scalekit() has no such option. It takes environmentUrl, resourceId, audience, issuers, metadata, sdk, clientId, clientSecret, clockTolerance, keySet, cache, revoked.',
    );
  });
});

describe("what an sdk must be", () => {
  it("refuses a client of another environment", () => {
    const sdk = new Scalekit("https://other.scalekit.com", "", "");
    expect(messageFor({ environmentUrl, resourceId, sdk })).toBe(
      'Option "sdk" is "https://other.scalekit.com": that client is for another environment than "https://acme.scalekit.com"; make it with the same URL.',
    );
  });

  it("refuses a function that returns the same client each time", () => {
    const sdk = new Scalekit(environmentUrl, "", "");
    expect(messageFor({ environmentUrl, resourceId, sdk: () => sdk })).toBe(
      'Option "sdk" is a function: it returns the same instance each time, and an instance never renews its keys; pass () => new Scalekit(…).',
    );
  });

  it("refuses the class in place of a client", () => {
    expect(messageFor({ environmentUrl, resourceId, sdk: Scalekit as never })).toBe(
      'Option "sdk" is a function: no instance could be made of it (Class constructor ScalekitClient cannot be invoked without \'new\'); pass new Scalekit(…) of "@scalekit-sdk/node", or a function that returns a new one each time.',
    );
  });

  it("refuses what is no client, and what cannot be made anew", () => {
    const instead =
      'that is no Scalekit client; pass new Scalekit(…) of "@scalekit-sdk/node", or a function that returns a new one each time.';
    expect(messageFor({ environmentUrl, resourceId, sdk: {} as never })).toBe(
      `Option "sdk" is "object": ${instead}`,
    );
    expect(messageFor({ environmentUrl, resourceId, sdk: { validateToken: async () => ({}) } })).toBe(
      `Option "sdk" is "object": ${instead}`,
    );
  });
});
