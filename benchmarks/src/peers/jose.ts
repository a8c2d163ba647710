import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";
import { type IssuerFacts, resource } from "../issuer.js";

/** `jose` by hand, keys from the issuer. */
export function joseVerifier({ issuer, jwksUri }: IssuerFacts): (token: string) => Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL(jwksUri));
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, { issuer, audience: resource, algorithms: ["RS256"] });
    return payload;
  };
}
