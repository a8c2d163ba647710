import { describe, expect, it } from "vitest";
import { OptionError } from "../../src/option-error.js";
import type { AccessToken, Provider, Verification } from "../../src/provider.js";
import { auth0 } from "../../src/token/presets/auth0.js";
import { entra } from "../../src/token/presets/entra.js";
import { keycloak } from "../../src/token/presets/keycloak.js";
import { okta } from "../../src/token/presets/okta.js";
import { workos } from "../../src/token/presets/workos.js";
import { jwks, now, RES, resource, rsa, signedToken } from "./issuer.js";

const keys = jwks(rsa);
const times = () => ({ iat: now(), nbf: now(), exp: now() + 300 });

function outcome(provider: Provider, payload: object, typ = "JWT"): string {
  const verification = verify(provider, payload, typ);
  return verification.kind === "rejected" ? verification.reason : verification.kind;
}

function accepted(provider: Provider, payload: object, typ = "JWT"): AccessToken {
  const verification = verify(provider, payload, typ);
  if (verification.kind !== "accepted") throw new Error(JSON.stringify(verification));
  return verification.token;
}

function verify(provider: Provider, payload: object, typ: string): Verification {
  return provider
    .verifierFor(resource)
    .verify(signedToken({ ...times(), ...payload }, { typ })) as Verification;
}

describe("Keycloak", () => {
  const realm = { url: "https://sso.example.com/", realm: "acme", keys };
  const person = {
    jti: "onrtac:1",
    iss: "https://sso.example.com/realms/acme",
    aud: [RES, "account"],
    sub: "36fa0f91-f94d-4a0c-afed-6b7d952e47da",
    typ: "Bearer",
    azp: "claude",
    sid: "2a88c258-f73a-4103-b862-e1fbd8f4e04e",
    acr: "1",
    "allowed-origins": ["https://claude.example"],
    realm_access: { roles: ["offline_access", "editor"] },
    resource_access: { "todo-server": { roles: ["admin"] }, account: { roles: ["manage-account"] } },
    scope: "todo:read profile email",
    organization: ["acme-corp"],
    preferred_username: "ada",
  };

  it("tells who a person is, and which roles count", () => {
    expect(accepted(keycloak({ ...realm, rolesOf: "todo-server" }), person)).toMatchObject({
      kind: "person",
      clientId: "claude",
      scopes: ["todo:read", "profile", "email"],
      roles: ["offline_access", "editor", "admin"],
      organizationId: "acme-corp",
    });
    expect(
      accepted(keycloak(realm), { ...person, organization: { "acme-corp": { id: "1" } } }),
    ).toMatchObject({
      roles: ["offline_access", "editor"],
      organizationId: "acme-corp",
    });
    expect(accepted(keycloak(realm), { ...person, organization: ["a", "b"] })).not.toHaveProperty(
      "organizationId",
    );
  });

  it("tells a service account from a person", () => {
    const service = {
      ...person,
      azp: "Batch",
      client_id: "Batch",
      preferred_username: "service-account-batch",
    };
    expect(accepted(keycloak(realm), service)).toMatchObject({ kind: "client", clientId: "Batch" });
  });

  it("is refused without an audience mapper, and with its ID and refresh tokens", () => {
    expect(outcome(keycloak(realm), { ...person, aud: "account" })).toBe("token_audience");
    expect(outcome(keycloak(realm), { ...person, typ: "ID" })).toBe("token_type");
    expect(outcome(keycloak(realm), { ...person, typ: "Refresh" })).toBe("token_type");
  });

  it("advertises the realm", () => {
    expect(keycloak(realm).authorizationServers).toEqual(["https://sso.example.com/realms/acme"]);
    expect(() => keycloak({ ...realm, realm: "" })).toThrow(OptionError);
    expect(() => keycloak({ ...realm, url: "sso.example.com" })).toThrow(OptionError);
  });
});

describe("Auth0", () => {
  const provider = auth0({ domain: "acme.eu.auth0.com", keys });
  const person = {
    iss: "https://acme.eu.auth0.com/",
    sub: "auth0|6553da60a54af58e29493993",
    aud: [RES, "https://acme.eu.auth0.com/userinfo"],
    azp: "my_client_id",
    scope: "openid profile todo:read",
    org_id: "org_1",
    permissions: ["todo:read"],
  };

  it("has an issuer that ends in a slash", () => {
    expect(provider.authorizationServers).toEqual(["https://acme.eu.auth0.com/"]);
    expect(outcome(provider, { ...person, iss: "https://acme.eu.auth0.com" })).toBe("token_issuer");
    expect(auth0({ domain: "https://login.acme.com/", keys }).authorizationServers).toEqual([
      "https://login.acme.com/",
    ]);
  });

  it("names client, organization and permissions, in both of its token profiles", () => {
    const expected = {
      kind: "person",
      clientId: "my_client_id",
      organizationId: "org_1",
      permissions: ["todo:read"],
    };
    expect(accepted(provider, person)).toMatchObject(expected);
    const { azp, ...rest } = person;
    expect(
      accepted(provider, { ...rest, client_id: azp, jti: "73WakrfVbNJBaAmhQtEeDv" }, "at+jwt"),
    ).toMatchObject(expected);
  });

  it("tells machines from people", () => {
    const machine = { ...person, sub: "awZfdIir@clients", azp: "awZfdIir", gty: "client-credentials" };
    expect(accepted(provider, machine)).toMatchObject({ kind: "client", clientId: "awZfdIir" });
  });

  it("needs a domain", () => {
    expect(() => auth0({ domain: "https://acme.auth0.com/path" })).toThrow(
      expect.objectContaining({ option: "domain" }),
    );
  });
});

describe("Okta", () => {
  const provider = okta({ domain: "acme.okta.com", audience: "api://default", keys });
  const person = {
    ver: 1,
    jti: "AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE",
    iss: "https://acme.okta.com/oauth2/default",
    aud: "api://default",
    cid: "0oaqv2s8aBcDeFgH10g4",
    uid: "00uix8t4aBcDeFgH10g4",
    scp: ["openid", "todo:read"],
    sub: "ada@example.com",
    groups: ["Everyone", "Editors"],
  };

  it("names client, scopes and groups", () => {
    expect(accepted(provider, person)).toMatchObject({
      kind: "person",
      clientId: "0oaqv2s8aBcDeFgH10g4",
      scopes: ["openid", "todo:read"],
      roles: ["Everyone", "Editors"],
    });
  });

  it("tells machines from people", () => {
    expect(accepted(provider, { ...person, sub: person.cid, uid: undefined })).toMatchObject({
      kind: "client",
    });
  });

  it("is a custom authorization server, never the organization's own", () => {
    expect(provider.authorizationServers).toEqual(["https://acme.okta.com/oauth2/default"]);
    expect(outcome(provider, { ...person, iss: "https://acme.okta.com" })).toBe("token_issuer");
    expect(() => okta({ domain: "acme.okta.com", authorizationServer: "" })).toThrow(
      expect.objectContaining({ option: "authorizationServer" }),
    );
    expect(() => okta({ domain: "acme-admin.okta.com" })).toThrow(
      expect.objectContaining({ option: "domain" }),
    );
  });
});

describe("Microsoft Entra ID", () => {
  const tenantId = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
  const clientId = "00001111-aaaa-2222-bbbb-3333cccc4444";
  const provider = entra({ tenantId, clientId, keys });
  const person = {
    ver: "2.0",
    iss: `https://login.microsoftonline.com/${tenantId}/v2.0`,
    aud: clientId,
    sub: "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
    oid: "11112222-bbbb-3333-cccc-4444dddd5555",
    tid: tenantId,
    azp: "22223333-cccc-4444-dddd-5555eeee6666",
    scp: "todo.read todo.write",
    roles: ["Editor"],
  };
  const scopes = ["todo.read", "todo.write", `api://${clientId}/todo.read`, `api://${clientId}/todo.write`];

  it("reads scopes as clients have to ask for them, and the tenant as the organization", () => {
    expect(accepted(provider, person)).toMatchObject({
      kind: "person",
      clientId: "22223333-cccc-4444-dddd-5555eeee6666",
      scopes,
      roles: ["Editor"],
      organizationId: tenantId,
    });
  });

  it("issues tokens of version 1 under another issuer, audience and client claim", () => {
    const { azp, ...rest } = person;
    const older = {
      ...rest,
      ver: "1.0",
      iss: `https://sts.windows.net/${tenantId}/`,
      aud: `api://${clientId}`,
      appid: azp,
    };
    expect(accepted(provider, older)).toMatchObject({ clientId: azp, scopes });
  });

  it("tells apps from people, with and without the optional idtyp", () => {
    const { scp: _scp, ...rest } = person;
    const app = { ...rest, sub: rest.oid, roles: ["Todo.Read.All"] };
    expect(accepted(provider, app)).toMatchObject({ kind: "client", scopes: [], roles: ["Todo.Read.All"] });
    expect(accepted(provider, { ...app, idtyp: "app", sub: "x" })).toMatchObject({ kind: "client" });
  });

  it("is one tenant: others are refused, and so is whoever would accept them all", () => {
    const other = "https://login.microsoftonline.com/bbbbcccc-1111-dddd-2222-eeee3333ffff/v2.0";
    expect(outcome(provider, { ...person, iss: other })).toBe("token_issuer");
    expect(outcome(provider, { ...person, aud: "00000003-0000-0000-c000-000000000000" })).toBe(
      "token_audience",
    );
    for (const wrong of ["common", "organizations", "acme.onmicrosoft.com"])
      expect(() => entra({ tenantId: wrong, clientId })).toThrow(
        expect.objectContaining({ option: "tenantId" }),
      );
    expect(() => entra({ tenantId, clientId: "todo" })).toThrow(
      expect.objectContaining({ option: "clientId" }),
    );
  });

  it("advertises the issuer that clients can discover", () => {
    expect(provider.authorizationServers).toEqual([`https://login.microsoftonline.com/${tenantId}/v2.0`]);
  });
});

describe("WorkOS", () => {
  const provider = workos({ authkitDomain: "acme.authkit.app", keys });
  const person = {
    iss: "https://acme.authkit.app",
    aud: RES,
    sub: "user_01HXYZ",
    client_id: "client_01HABC",
    org_id: "org_01HDEF",
    sid: "app_consent_01HGHI",
    jti: "01HJKL",
    scope: "openid profile todo:read",
  };

  it("names person, client and organization", () => {
    expect(accepted(provider, { ...person, role: "admin" })).toMatchObject({
      kind: "person",
      subject: "user_01HXYZ",
      clientId: "client_01HABC",
      organizationId: "org_01HDEF",
      scopes: ["openid", "profile", "todo:read"],
      roles: ["admin"],
    });
  });

  it("tells machines from people; their tokens are for the environment, which has to be accepted", () => {
    const machine = { ...person, sub: "client_01HABC", aud: "client_01HENV" };
    expect(outcome(provider, machine)).toBe("token_audience");
    const open = workos({ authkitDomain: "acme.authkit.app", audience: [RES, "client_01HENV"], keys });
    expect(accepted(open, machine)).toMatchObject({ kind: "client" });
  });

  it("is the AuthKit domain, not the API that issues session tokens", () => {
    expect(provider.authorizationServers).toEqual(["https://acme.authkit.app"]);
    expect(outcome(provider, { ...person, iss: "https://api.workos.com/user_management/client_01H" })).toBe(
      "token_issuer",
    );
    expect(() => workos({ authkitDomain: "https://api.workos.com" })).toThrow(
      expect.objectContaining({ option: "authkitDomain" }),
    );
  });
});

describe("keys are found where each provider documents them", () => {
  const auth0Issuer = "https://acme.eu.auth0.com/";
  const tenantId = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
  const clientId = "00001111-aaaa-2222-bbbb-3333cccc4444";
  it.each<[string, (fetch: typeof globalThis.fetch) => Provider, string, Record<string, object>]>([
    [
      "Keycloak",
      (fetch) => keycloak({ url: "https://sso.example.com", realm: "acme", fetch }),
      "https://sso.example.com/realms/acme",
      {
        "https://sso.example.com/realms/acme/.well-known/openid-configuration": {
          issuer: "https://sso.example.com/realms/acme",
          introspection_endpoint:
            "https://sso.example.com/realms/acme/protocol/openid-connect/token/introspect",
          jwks_uri: "https://sso.example.com/realms/acme/protocol/openid-connect/certs",
        },
        "https://sso.example.com/realms/acme/protocol/openid-connect/certs": {
          keys: [
            { ...rsa.jwk, kid: "enc", use: "enc", alg: "RSA-OAEP" },
            { ...rsa.jwk, x5c: ["MIIC"] },
          ],
        },
      },
    ],
    [
      "Auth0",
      (fetch) => auth0({ domain: "acme.eu.auth0.com", fetch }),
      auth0Issuer,
      {
        "https://acme.eu.auth0.com/.well-known/openid-configuration": {
          issuer: auth0Issuer,
          jwks_uri: "https://acme.eu.auth0.com/.well-known/jwks.json",
        },
        "https://acme.eu.auth0.com/.well-known/jwks.json": keys,
      },
    ],
    [
      "Okta",
      (fetch) => okta({ domain: "acme.okta.com", fetch }),
      "https://acme.okta.com/oauth2/default",
      {
        "https://acme.okta.com/oauth2/default/.well-known/openid-configuration": {
          issuer: "https://acme.okta.com/oauth2/default",
          jwks_uri: "https://acme.okta.com/oauth2/default/v1/keys",
        },
        "https://acme.okta.com/oauth2/default/v1/keys": keys,
      },
    ],
    [
      "Microsoft Entra ID",
      (fetch) => entra({ tenantId, clientId, audience: RES, fetch }),
      `https://login.microsoftonline.com/${tenantId}/v2.0`,
      {
        [`https://login.microsoftonline.com/${tenantId}/discovery/v2.0/keys`]: {
          keys: [{ ...rsa.jwk, alg: undefined, x5t: rsa.kid, issuer: "https://login.microsoftonline.com/" }],
        },
      },
    ],
    [
      "WorkOS",
      (fetch) => workos({ authkitDomain: "acme.authkit.app", fetch }),
      "https://acme.authkit.app",
      {
        "https://acme.authkit.app/.well-known/oauth-authorization-server": {
          issuer: "https://acme.authkit.app",
          introspection_endpoint: "https://acme.authkit.app/oauth2/introspection",
          jwks_uri: "https://acme.authkit.app/oauth2/jwks",
        },
        "https://acme.authkit.app/oauth2/jwks": keys,
      },
    ],
  ])("%s", async (_name, preset, iss, documents) => {
    const fetch = async (url: Parameters<typeof globalThis.fetch>[0]) => {
      const document = documents[String(url)];
      return new Response(JSON.stringify(document ?? {}), { status: document ? 200 : 404 });
    };
    const token = signedToken({ ...times(), iss, aud: RES, sub: "somebody" }, { typ: "JWT" });
    expect(await preset(fetch).verifierFor(resource).verify(token)).toMatchObject({ kind: "accepted" });
  });
});
