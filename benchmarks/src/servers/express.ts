import { createServer, type Server } from "node:http";
import { mcpAuthz } from "@mcp-authz/express";
import { requireBearerAuth } from "@modelcontextprotocol/express";
import express, { type RequestHandler } from "express";
import { resource, scope } from "../issuer.js";
import { guideMiddleware } from "../peers/guide.js";
import { mcpAuthGuard } from "../peers/mcp-auth.js";
import { oauth2JwtBearer } from "../peers/oauth2-jwt-bearer.js";
import { sdkVerifier } from "../peers/sdk-guard.js";
import { answerTo, ourOptions, type Variants } from "./variant.js";

function serving(...before: RequestHandler[]): Server {
  const app = express();
  app.disable("x-powered-by");
  if (before.length > 0) app.use(...before);
  app.post("/mcp", (request, response) => {
    response.json(answerTo(request.body));
  });
  return createServer(app);
}

const json = express.json();

export const variants: Variants = {
  unprotected: () => serving(json),
  "no-op": () => serving((_request, _response, next) => next(), json),
  ours: (facts) => serving(mcpAuthz(ourOptions(facts))),
  "@modelcontextprotocol/express": (facts) =>
    serving(
      requireBearerAuth({
        verifier: sdkVerifier(facts),
        requiredScopes: [scope],
        resourceMetadataUrl: `${new URL(resource).origin}/.well-known/oauth-protected-resource/mcp`,
      }),
      json,
    ),
  "mcp-auth": async (facts) => serving(await mcpAuthGuard(facts), json),
  "express-oauth2-jwt-bearer": (facts) => serving(oauth2JwtBearer(facts), json),
  "guide on @scalekit-sdk/node": (facts) => serving(guideMiddleware(facts), json),
};
