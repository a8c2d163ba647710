import { createTokenMint, type TokenMint, type WrongTokenName, wrongTokens } from "@mcp-authz/testing";
import { Scalekit } from "@scalekit-sdk/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ScalekitOptions, scalekit } from "../src/index.js";
import { relay } from "./relay.js";
import { resourceAt } from "./resource-at.js";

const resourceId = "res_92015146095";
const resource = resourceAt("https://mcp.example.com/mcp");
const jwtHeader = { header: { typ: "JWT" } };

/** Signed with keys that an issuer should not publish. */
const withDecoyKeys: readonly WrongTokenName[] = [
  "weakRsaKey",
  "encryptionKey",
  "keyOperationsWithoutVerify",
  "octKeyFromKeySet",
];
/** What the gate refuses, whoever the provider is; and duplicate names, of which the last counts (RFC 7519 §4). */
const elsewhere: readonly WrongTokenName[] = [
  "tooLong",
  "boundToKey",
  "boundToCertificate",
  "duplicateClaims",
];
/** Of type at+jwt, which no ID token is; with Scalekit's type they are tested by name below. */
const otherKinds: readonly WrongTokenName[] = ["idToken", "idTokenWithType", "refreshToken"];
const wrong = Object.entries(wrongTokens)
  .map(([name, { title }]) => [title, name as WrongTokenName] as const)
  .filter(([, name]) => ![...withDecoyKeys, ...elsewhere, ...otherKinds].includes(name));

const modes: readonly (readonly [string, (environmentUrl: string) => ScalekitOptions])[] = [
  ["over the key set", () => ({})],
  ["through the SDK", (environmentUrl) => ({ sdk: new Scalekit(environmentUrl, "skc_1", "s3cr3t") })],
];

describe.each(modes)("tokens of an MCP server, verified %s", (_, mode) => {
  let mint: TokenMint;
  beforeAll(async () => {
    mint = await createTokenMint({ audience: resourceId });
  });
  afterAll(() => mint.close());

  const verify = (token: string, options: ScalekitOptions = {}) =>
    scalekit({ environmentUrl: mint.issuer, resourceId, ...mode(mint.issuer), ...options })
      .verifierFor(resource)
      .verify(token);

  /** The claims that Scalekit puts into a person's token. */
  const person = (differing: Record<string, unknown> = {}) =>
    mint.token(
      {
        aud: ["https://mcp.example.com/mcp", resourceId],
        sub: "usr_1",
        client_id: "m2m_1",
        scope: "openid offline_access todo:read",
        scopes: ["todo:read"],
        oid: "org_1",
        sid: "ses_1",
        roles: ["admin"],
        permissions: ["data:read"],
        xoid: "ext_org",
        ...differing,
      },
      jwtHeader,
    );

  it("says who calls, for which organization, with which scopes, roles and permissions", async () => {
    expect(await verify(person())).toMatchObject({
      kind: "accepted",
      token: {
        issuer: mint.issuer,
        subject: "usr_1",
        kind: "person",
        clientId: "m2m_1",
        scopes: ["openid", "offline_access", "todo:read"],
        organizationId: "org_1",
        roles: ["admin"],
        permissions: ["data:read"],
        claims: { sid: "ses_1", xoid: "ext_org" },
      },
    });
  });

  it.each([
    ["the environment", ""],
    ["the resource", `/resources/${resourceId}`],
  ])("accepts %s as issuer", async (_issuer, path) => {
    const iss = mint.issuer + path;
    expect(await verify(person({ iss }))).toMatchObject({ kind: "accepted", token: { issuer: iss } });
  });

  it.each([
    ["another resource", "/resources/res_2"],
    ["the environment with a slash", "/"],
    ["the resource with a slash", `/resources/${resourceId}/`],
  ])("refuses %s as issuer", async (_issuer, path) => {
    expect(await verify(person({ iss: mint.issuer + path }))).toMatchObject({
      kind: "rejected",
      reason: "token_issuer",
    });
  });

  it("accepts only the issuers that are named instead", async () => {
    const issuers = "https://acme.scalekit.com";
    expect(await verify(person({ iss: issuers }), { issuers })).toMatchObject({ kind: "accepted" });
    expect(await verify(person(), { issuers })).toMatchObject({ kind: "rejected", reason: "token_issuer" });
  });

  it.each([
    ["the resource id in a list", [resourceId]],
    ["the resource id as text", resourceId],
    ["URL and resource id", ["https://mcp.example.com/mcp", resourceId]],
  ])("accepts %s as audience", async (_audience, aud) => {
    expect(await verify(person({ aud }))).toMatchObject({ kind: "accepted" });
  });

  it.each([
    ["no audience, as an environment's client has", undefined],
    ["an empty audience", []],
    ["the URL alone", ["https://mcp.example.com/mcp"]],
    ["another resource's id", ["res_2"]],
    ["the client's id, as an ID token has", "skc_1"],
    ["an entry that is no text", [resourceId, 1]],
  ])("refuses %s", async (_audience, aud) => {
    expect(await verify(person({ aud }))).toMatchObject({ kind: "rejected", reason: "token_audience" });
  });

  it("accepts the URL alone when it was configured", async () => {
    const audience = "https://mcp.example.com/mcp";
    expect(await verify(person({ aud: audience }), { audience })).toMatchObject({ kind: "accepted" });
    expect(await verify(person({ aud: `${audience}/` }), { audience })).toMatchObject({ kind: "rejected" });
  });

  it.each([
    ["scope alone", { scope: "todo:read todo:write", scopes: undefined }, ["todo:read", "todo:write"]],
    ["scopes alone", { scope: undefined, scopes: ["todo:read", "todo:write"] }, ["todo:read", "todo:write"]],
    ["scopes as text", { scope: undefined, scopes: "todo:read todo:write" }, ["todo:read", "todo:write"]],
    ["both, which differ", { scope: "todo:read", scopes: ["todo:write"] }, ["todo:read", "todo:write"]],
    ["scp", { scope: undefined, scopes: undefined, scp: ["todo:read"] }, ["todo:read"]],
    ["none", { scope: undefined, scopes: undefined }, []],
  ])("reads the scopes of a token with %s", async (_claims, differing, scopes) => {
    expect(await verify(person(differing))).toMatchObject({ kind: "accepted", token: { scopes } });
  });

  it("tells a client that acts for itself from a person who uses one", async () => {
    const machine = {
      sub: "m2m_1",
      sid: undefined,
      oid: undefined,
      roles: undefined,
      permissions: undefined,
    };
    const verification = await verify(person(machine));
    expect(verification).toMatchObject({
      kind: "accepted",
      token: { kind: "client", subject: "m2m_1", clientId: "m2m_1", roles: [], permissions: [] },
    });
    expect(verification).not.toHaveProperty("token.organizationId");
    expect(await verify(person({ ...machine, client_id: undefined, azp: "m2m_1" }))).toMatchObject({
      token: { kind: "client", clientId: "m2m_1" },
    });
    expect(await verify(person({ client_id: "https://host.example/client.json" }))).toMatchObject({
      token: { kind: "person", clientId: "https://host.example/client.json" },
    });
  });

  it("reads the organization from org_id too, and from oid first", async () => {
    expect(await verify(person({ oid: undefined, org_id: "org_2" }))).toMatchObject({
      token: { organizationId: "org_2" },
    });
    expect(await verify(person({ org_id: "org_2" }))).toMatchObject({ token: { organizationId: "org_1" } });
  });

  it.each(["JWT", "at+jwt", undefined])("accepts the type %s", async (typ) => {
    expect(await verify(mint.token({}, { header: { typ } }))).toMatchObject({ kind: "accepted" });
  });

  it("accepts no algorithm but RS256, although the key set holds others", async () => {
    for (const algorithm of ["PS256", "ES256", "EdDSA"] as const)
      expect(await verify(mint.token({}, { algorithm }))).toMatchObject({
        kind: "rejected",
        reason: "token_algorithm",
      });
  });

  it("bears with clocks that differ by a few seconds", async () => {
    const soon = Math.floor(Date.now() / 1000) + 2;
    expect(await verify(person({ nbf: soon, iat: soon }))).toMatchObject({ kind: "accepted" });
    expect(await verify(person({ nbf: soon + 600 }))).toMatchObject({
      kind: "rejected",
      reason: "token_not_yet_valid",
    });
    expect(await verify(person({ iat: soon + 600 }))).toMatchObject({
      kind: "rejected",
      reason: "token_not_yet_valid",
    });
    expect(await verify(person({ exp: soon - 600 }))).toMatchObject({
      kind: "rejected",
      reason: "token_expired",
    });
    expect(await verify(person({ exp: undefined }))).toMatchObject({
      kind: "rejected",
      reason: "token_claims",
    });
  });

  it.each([
    ["an ID token", { nonce: "n-0S6_WzA2Mj", at_hash: "77QmUPtjPfzWtF2AnpK9RQ" }],
    ["a token that calls itself an ID token", { typ: "ID" }],
    ["a token that calls itself a refresh token", { typ: "Refresh" }],
  ])("refuses %s", async (_kind, differing) => {
    expect(await verify(person(differing))).toMatchObject({ kind: "rejected", reason: "token_type" });
  });
});

describe.each(modes)("tokens that are wrong in one way, verified %s", (_, mode) => {
  const audience = "https://mcp.example.com/mcp";
  let mint: TokenMint;
  beforeAll(async () => {
    mint = await createTokenMint({ audience });
  });
  afterAll(() => mint.close());

  it.each(wrong)("refuses %s", async (_title, name) => {
    const options = { environmentUrl: mint.issuer, resourceId, audience, ...mode(mint.issuer) };
    expect(await scalekit(options).verifierFor(resource).verify(mint.wrong(name))).toMatchObject({
      kind: "rejected",
    });
    expect(mint.fetches.forbidden).toBe(0);
  });

  it("accepts the token that they are made of", async () => {
    const options = { environmentUrl: mint.issuer, resourceId, audience, ...mode(mint.issuer) };
    expect(await scalekit(options).verifierFor(resource).verify(mint.token())).toMatchObject({
      kind: "accepted",
    });
  });
});

describe.each(modes)("keys that an issuer should not publish, %s", (_, mode) => {
  it.each(withDecoyKeys)("verify nothing (%s)", async (name) => {
    const mint = await createTokenMint({ audience: resourceId, decoyKeys: true });
    const wellFormed = (jwk: unknown) =>
      typeof jwk === "object" && !JSON.stringify(jwk).includes("decoy-broken");
    const { environmentUrl, close } = await relay(mint, wellFormed);
    const verifier = scalekit({
      environmentUrl,
      resourceId,
      ...mode(environmentUrl),
      issuers: mint.issuer,
    }).verifierFor(resource);
    expect(await verifier.verify(mint.token())).toMatchObject({ kind: "accepted" });
    expect(await verifier.verify(mint.wrong(name))).toMatchObject({ kind: "rejected" });
    close();
    await mint.close();
  });
});
