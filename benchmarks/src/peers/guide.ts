import { ScalekitClient } from "@scalekit-sdk/node";
import type { RequestHandler } from "express";
import { type IssuerFacts, resource } from "../issuer.js";

/** The guide's step 4 without a framework: the SDK validates the token and its audience. */
export function guideVerifier({ issuer }: IssuerFacts): (token: string) => Promise<unknown> {
  const client = new ScalekitClient(issuer, "skc_benchmark", "no-secret");
  return (token) => client.validateToken(token, { audience: [resource] });
}

/** The middleware that the guide has its readers write. */
export function guideMiddleware(facts: IssuerFacts): RequestHandler {
  const verify = guideVerifier(facts);
  const metadata = `${new URL(resource).origin}/.well-known/oauth-protected-resource`;
  return async (request, response, next) => {
    if (request.path.includes(".well-known")) return next();
    const [scheme, token] = request.headers.authorization?.split(" ") ?? [];
    try {
      if (scheme !== "Bearer" || token === undefined) throw new Error("no bearer token");
      await verify(token.trim());
      next();
    } catch {
      response
        .status(401)
        .set("WWW-Authenticate", `Bearer realm="OAuth", resource_metadata="${metadata}"`)
        .end();
    }
  };
}
