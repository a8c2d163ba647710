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
import type { SampleOptions, Verification } from "./mending.js";

/** Milliseconds between two requests for keys. jose's own are 30 seconds, which no test should wait for. */
export const keyCooldown = 100;

/** A server with nothing but the SDK's `requireBearerAuth` and its metadata router. */
export async function startSdkServer(
  { issuer }: Pick<AuthorizationServer, "issuer">,
  { at, mend }: SampleOptions = {},
): Promise<SampleServer> {
  const app = express();
  const { origin: bound, close } = await running(createServer(app), at?.port);
  const url = at?.resource ?? `${bound}/mcp`;
  const mending = mend?.({ origin: new URL(url).origin, resource: url, issuer }) ?? {};
  mending.front?.(app);
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
  const keys = createRemoteJWKSet(new URL(`${issuer}/keys`), { cooldownDuration: keyCooldown });
  // As most are written: whatever jose throws goes through, and the SDK makes a 500 of it.
  const own: Verification = async (token) => (await jwtVerify(token, keys, { issuer })).payload;
  const verify = mending.verification?.(own) ?? own;
  const guard = requireBearerAuth({
    verifier: {
      verifyAccessToken: async (token) => {
        const { client_id, scope, exp } = await verify(token);
        return {
          token,
          clientId: String(client_id),
          scopes: String(scope).split(" "),
          expiresAt: Number(exp ?? 0),
        };
      },
    },
    resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(new URL(url)),
  });
  app.use("/mcp", guard, express.json());
  if (mending.behind !== undefined) app.use("/mcp", mending.behind);
  app.use("/mcp", (request, response) => void serveTodos(request, response));
  return { url, close };
}
