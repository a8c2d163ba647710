import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDevServer, type DevServer } from "../src/index.js";
import { call } from "./support/oauth.js";

const ID = "res_00000000000000000001";

describe("discovery", () => {
  let dev: DevServer;
  beforeAll(async () => {
    dev = await createDevServer({
      banner: false,
      deterministic: true,
      servers: [{ name: "Todo", url: "http://127.0.0.1:3002/mcp", scopes: ["todo:read", "todo:write"] }],
    });
  });
  afterAll(() => dev.close());

  it("serves the MCP server's metadata in the path-inserted form", async () => {
    const reply = await call(`${dev.url}/.well-known/oauth-authorization-server/resources/${ID}`);
    expect(reply.status).toBe(200);
    expect(reply.headers.get("content-type")).toBe("application/json");
    expect(reply.headers.get("access-control-allow-origin")).toBe("*");
    expect(reply.body).toEqual({
      issuer: `${dev.url}/resources/${ID}`,
      authorization_endpoint: `${dev.url}/resources/${ID}/oauth/authorize`,
      token_endpoint: `${dev.url}/resources/${ID}/oauth/token`,
      registration_endpoint: `${dev.url}/api/v1/resources/${ID}/clients:register`,
      jwks_uri: `${dev.url}/keys`,
      revocation_endpoint: `${dev.url}/oauth/revoke`,
      introspection_endpoint: `${dev.url}/oauth/introspect`,
      response_types_supported: ["code"],
      response_modes_supported: ["query", "fragment", "form_post"],
      grant_types_supported: ["authorization_code", "refresh_token", "client_credentials"],
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: [
        "none",
        "client_secret_basic",
        "client_secret_post",
        "private_key_jwt",
      ],
      token_endpoint_auth_signing_alg_values_supported: ["RS256", "PS256", "ES256", "EdDSA"],
      dpop_signing_alg_values_supported: ["ES256", "EdDSA", "Ed25519"],
      authorization_response_iss_parameter_supported: true,
      client_id_metadata_document_supported: true,
      scopes_supported: ["todo:read", "todo:write", "openid", "offline_access"],
    });
  });

  it("serves the same in the appended form", async () => {
    const inserted = await call(`${dev.url}/.well-known/oauth-authorization-server/resources/${ID}`);
    const appended = await call(`${dev.url}/resources/${ID}/.well-known/oauth-authorization-server`);
    expect(appended.status).toBe(200);
    expect(appended.body).toEqual(inserted.body);
  });

  it.each([
    `/resources/${ID}/.well-known/openid-configuration`,
    `/.well-known/openid-configuration/resources/${ID}`,
    `/resources/${ID}/keys`,
    "/.well-known/oauth-authorization-server/resources/res_unknown",
  ])("answers 404 at %s", async (path) => {
    expect((await call(dev.url + path)).status).toBe(404);
  });

  it("serves OpenID metadata of the environment, without a registration endpoint", async () => {
    const reply = await call(`${dev.url}/.well-known/openid-configuration`);
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      issuer: dev.url,
      authorization_endpoint: `${dev.url}/oauth/authorize`,
      token_endpoint: `${dev.url}/oauth/token`,
      jwks_uri: `${dev.url}/keys`,
    });
    expect(reply.body).not.toHaveProperty("registration_endpoint");
  });

  it("names the environment as issuer in the legacy phase only", async () => {
    const url = `${dev.url}/.well-known/oauth-authorization-server/resources/${ID}`;
    dev.setIssuerPhase("legacy");
    expect((await call(url)).body.issuer).toBe(dev.url);
    dev.setIssuerPhase("resource");
    expect((await call(url)).body.issuer).toBe(`${dev.url}/resources/${ID}`);
    dev.setIssuerPhase("transition");
  });

  it("leaves out the registration endpoint and CIMD when they are switched off", async () => {
    const other = dev.registerServer({ name: "Closed", dcr: false, cimd: false });
    const { body } = await call(`${dev.url}/.well-known/oauth-authorization-server/resources/${other.id}`);
    expect(body).not.toHaveProperty("registration_endpoint");
    expect(body.client_id_metadata_document_supported).toBe(false);
  });

  it("gives each server the protected resource metadata and the variables to copy", () => {
    expect(dev.servers[0]?.metadata).toEqual({
      authorization_servers: [`${dev.url}/resources/${ID}`],
      bearer_methods_supported: ["header"],
      resource: "http://127.0.0.1:3002/mcp",
      resource_documentation: "http://127.0.0.1:3002/mcp/docs",
      scopes_supported: ["todo:read", "todo:write"],
    });
    expect(dev.servers[0]?.env).toEqual({ SCALEKIT_ENVIRONMENT_URL: dev.url, SCALEKIT_RESOURCE_ID: ID });
  });
});
