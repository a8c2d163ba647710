import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Verification } from "../../src/provider.js";
import { metadataUrls } from "../../src/token/discovery.js";
import { jwt } from "../../src/token/jwt.js";
import {
  claims,
  json,
  jwks,
  type LocalServer,
  localServer,
  resource,
  rsa,
  signedToken,
  signingKey,
} from "./issuer.js";

let server: LocalServer;

beforeEach(async () => {
  server = await localServer(json({}, 404));
});

afterEach(() => server.close());

function serve(documents: Record<string, unknown>): void {
  server.route = (request, response) => {
    const found = documents[request.url ?? ""];
    (found === undefined ? json({}, 404) : json(found))(request, response);
  };
}

async function outcome(verification: Verification | Promise<Verification>): Promise<string> {
  const settled = await verification;
  return settled.kind === "rejected" ? settled.reason : settled.kind;
}

function verify(iss: string, key = rsa, issuer: string | string[] = iss) {
  return outcome(
    jwt({ issuer })
      .verifierFor(resource)
      .verify(signedToken(claims({ iss }), {}, key)),
  );
}

it("looks where MCP clients look: RFC 8414's place, then OpenID Connect's two", () => {
  expect(metadataUrls("https://as.example.com/tenant1")).toEqual([
    "https://as.example.com/.well-known/oauth-authorization-server/tenant1",
    "https://as.example.com/.well-known/openid-configuration/tenant1",
    "https://as.example.com/tenant1/.well-known/openid-configuration",
  ]);
  expect(metadataUrls("https://as.example.com")).toEqual([
    "https://as.example.com/.well-known/oauth-authorization-server",
    "https://as.example.com/.well-known/openid-configuration",
  ]);
});

describe("keys are found through the issuer's metadata", () => {
  it.each([
    ["/.well-known/oauth-authorization-server/t"],
    ["/.well-known/openid-configuration/t"],
    ["/t/.well-known/openid-configuration"],
  ])("at %s", async (place) => {
    const issuer = `${server.origin}/t`;
    serve({ [place]: { issuer, jwks_uri: `${server.origin}/keys` }, "/keys": jwks(rsa) });
    expect(await verify(issuer)).toBe("accepted");
  });

  it.each([
    ["a slash more", (origin: string) => `${origin}/`],
    ["another host", () => "https://evil.example.com"],
    ["none", () => undefined],
  ])("not when the metadata names another issuer: %s", async (_name, other) => {
    serve({
      "/.well-known/oauth-authorization-server": {
        issuer: other(server.origin),
        jwks_uri: `${server.origin}/keys`,
      },
      "/keys": jwks(rsa),
    });
    expect(await verify(server.origin)).toBe("unavailable");
    expect(server.requests).not.toContain("/keys");
  });

  it.each([["http://keys.example.com/keys"], ["file:///etc/passwd"], [undefined], [1]])(
    "not when the metadata sends us to %s",
    async (jwksUri) => {
      serve({ "/.well-known/oauth-authorization-server": { issuer: server.origin, jwks_uri: jwksUri } });
      expect(await verify(server.origin)).toBe("unavailable");
    },
  );

  it("without asking the other places when the server is in trouble", async () => {
    server.route = json({}, 500);
    expect(await verify(`${server.origin}/t`)).toBe("unavailable");
    expect(server.requests).toEqual(["/.well-known/oauth-authorization-server/t"]);
  });
});

describe("two issuers", () => {
  it("have their own keys each: one cannot sign for the other", async () => {
    const a = `${server.origin}/a`;
    const b = `${server.origin}/b`;
    const keyOfB = signingKey("ES256", "b");
    serve({
      "/.well-known/oauth-authorization-server/a": { issuer: a, jwks_uri: `${server.origin}/a/keys` },
      "/.well-known/oauth-authorization-server/b": { issuer: b, jwks_uri: `${server.origin}/b/keys` },
      "/a/keys": jwks(rsa),
      "/b/keys": jwks(keyOfB),
    });
    expect(await verify(a, rsa, [a, b])).toBe("accepted");
    expect(await verify(b, keyOfB, [a, b])).toBe("accepted");
    expect(await verify(a, keyOfB, [a, b])).toBe("token_key_unknown");
    expect(await verify(b, rsa, [a, b])).toBe("token_key_unknown");
  });

  it("that share a key set keep their own names: another tenant of the same keys is refused", async () => {
    serve({ "/keys": jwks(rsa) });
    const { origin } = server;
    const shared = jwt({ issuer: [`${origin}/a`, `${origin}/b`], jwksUri: `${origin}/keys` }).verifierFor(
      resource,
    );
    expect(await outcome(shared.verify(signedToken(claims({ iss: `${origin}/a` }))))).toBe("accepted");
    expect(await outcome(shared.verify(signedToken(claims({ iss: `${origin}/b` }))))).toBe("accepted");
    expect(await outcome(shared.verify(signedToken(claims({ iss: `${origin}/c` }))))).toBe("token_issuer");
  });
});
