import type { IssuerFacts } from "../issuer.js";
import { joseVerifier } from "./jose.js";

interface VerifiedToken {
  token: string;
  clientId: string;
  scopes: string[];
  expiresAt: number;
}

/** The verifier that both MCP SDKs want for their `requireBearerAuth`, on `jose`. */
export function sdkVerifier(facts: IssuerFacts): {
  verifyAccessToken(token: string): Promise<VerifiedToken>;
} {
  const verify = joseVerifier(facts);
  return {
    async verifyAccessToken(token) {
      const { client_id: clientId, scope, exp } = await verify(token);
      return {
        token,
        clientId: String(clientId),
        scopes: String(scope).split(" "),
        expiresAt: exp as number,
      };
    },
  };
}
