import { jwt } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/express";
import type { TokenMint } from "@mcp-authz/testing";
import { requireBearerAuth } from "@modelcontextprotocol/express";
import { OAuthError, OAuthErrorCode } from "@modelcontextprotocol/server";
import { ScalekitClient } from "@scalekit-sdk/node";
import type { RequestHandler } from "express";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import { fetchServerConfig, MCPAuth } from "mcp-auth";

export const resource = "https://mcp.example.com/mcp";

/** What stands before a route, configured as its documentation says, for one required scope and one audience. */
export type Guard = (mint: TokenMint) => RequestHandler | Promise<RequestHandler>;

/** By the column of the table in the README. */
export const guards: Readonly<Record<string, Guard>> = {
  "mcp-authz": ({ issuer }) =>
    mcpAuthz({
      resource,
      provider: jwt({ issuer }),
      policy: { baseline: "todo:read", unlisted: "baseline" },
      hosts: ["127.0.0.1"],
    }),
  requireBearerAuth: (mint) =>
    requireBearerAuth({
      verifier: { verifyAccessToken: verifierOf(mint) },
      requiredScopes: ["todo:read"],
      expectedResource: new URL(resource),
      resourceMetadataUrl: "https://mcp.example.com/.well-known/oauth-protected-resource/mcp",
    }),
  "mcp-auth": async ({ issuer }) => {
    const server = await fetchServerConfig(issuer, { type: "oauth" });
    const metadata = { resource, authorizationServers: [server], scopesSupported: ["todo:read"] };
    const mcpAuth = new MCPAuth({ protectedResources: [{ metadata }] });
    return mcpAuth.bearerAuth("jwt", { resource, audience: resource, requiredScopes: ["todo:read"] });
  },
  "the guide's sample": ({ issuer }) => {
    const scalekit = new ScalekitClient(issuer, "skc_1", "secret");
    const metadata = "https://mcp.example.com/.well-known/oauth-protected-resource";
    return async (request, response, next) => {
      try {
        if (request.path.includes(".well-known")) return next();
        const header = request.headers.authorization;
        const token = header?.startsWith("Bearer ") ? header.split("Bearer ")[1]?.trim() : null;
        if (!token) throw new Error("Missing or invalid Bearer token");
        await scalekit.validateToken(token, { audience: [resource] });
        next();
      } catch {
        response
          .status(401)
          .set("WWW-Authenticate", `Bearer realm="OAuth", resource_metadata="${metadata}"`)
          .end();
      }
    };
  },
};

/** The verifier that the SDK asks for, as one writes it on jose: bad tokens are told from other faults. */
function verifierOf({ issuer, jwksUri }: TokenMint) {
  const keys = createRemoteJWKSet(new URL(jwksUri));
  return async (token: string) => {
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience: resource });
      return {
        token,
        clientId: String(payload["client_id"]),
        scopes: String(payload["scope"] ?? "").split(" "),
        expiresAt: payload.exp as number,
        resource: new URL(resource),
      };
    } catch (error) {
      // A key server that cannot be reached is no fault of the token.
      if (error instanceof errors.JOSEError && !["ERR_JOSE_GENERIC", "ERR_JWKS_TIMEOUT"].includes(error.code))
        throw new OAuthError(OAuthErrorCode.InvalidToken, error.message);
      throw error;
    }
  };
}
