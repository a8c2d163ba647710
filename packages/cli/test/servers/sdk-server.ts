import { createServer } from "node:http";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import {
  getOAuthProtectedResourceMetadataUrl,
  mcpAuthMetadataRouter,
} from "@modelcontextprotocol/sdk/server/auth/router.js";
import express from "express";
import { createRemoteJWKSet, jwtVerify } from "jose";
import type { AuthorizationServer } from "./authorization-server.js";
import { type SampleServer, serveTodos } from "./guide-server.js";
import { running } from "./listen.js";

/** A server with nothing but the SDK's `requireBearerAuth` and its metadata router. */
export async function startSdkServer(authorizationServer: AuthorizationServer): Promise<SampleServer> {
  const app = express();
  const { origin, close } = await running(createServer(app));
  const url = `${origin}/mcp`;
  const { issuer } = authorizationServer;
  app.use(
    mcpAuthMetadataRouter({
      oauthMetadata: {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        response_types_supported: ["code"],
      },
      resourceServerUrl: new URL(url),
      scopesSupported: ["todo:read"],
    }),
  );
  const keys = createRemoteJWKSet(new URL(`${issuer}/keys`));
  const guard = requireBearerAuth({
    verifier: {
      // As most are written: whatever jose throws goes through, and the SDK makes a 500 of it.
      verifyAccessToken: async (token) => {
        const { payload } = await jwtVerify(token, keys, { issuer });
        const { client_id, scope, exp } = payload;
        return { token, clientId: String(client_id), scopes: String(scope).split(" "), expiresAt: exp ?? 0 };
      },
    },
    resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(new URL(url)),
  });
  app.use("/mcp", guard, express.json(), (request, response) => void serveTodos(request, response));
  return { url, close };
}
