import type { RequestHandler } from "express";
import { fetchServerConfig, MCPAuth } from "mcp-auth";
import { type IssuerFacts, resource, scope } from "../issuer.js";

/** `mcp-auth` in its resource server mode. */
export async function mcpAuthGuard({ issuer }: IssuerFacts): Promise<RequestHandler> {
  const { warn } = console;
  // It advises dynamic registration; here is nobody to register.
  console.warn = () => {};
  const server = await fetchServerConfig(issuer, { type: "oauth" });
  const mcpAuth = new MCPAuth({
    protectedResources: [
      { metadata: { resource, authorizationServers: [server], scopesSupported: [scope] } },
    ],
  });
  console.warn = warn;
  return mcpAuth.bearerAuth("jwt", { resource, audience: resource, requiredScopes: [scope] });
}
