import type { RequestHandler } from "express";
import { auth } from "express-oauth2-jwt-bearer";
import { type IssuerFacts, resource } from "../issuer.js";

/** `express-oauth2-jwt-bearer`, told where the keys are. */
export function oauth2JwtBearer({ issuer, jwksUri }: IssuerFacts): RequestHandler {
  return auth({ issuer, jwksUri, audience: resource, tokenSigningAlg: "RS256" });
}
