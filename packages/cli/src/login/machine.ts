import { createPrivateKey, webcrypto } from "node:crypto";
import {
  type ClientAuth,
  clientCredentialsGrantRequest,
  PrivateKeyJwt,
  processClientCredentialsResponse,
} from "oauth4webapi";
import type { Inspection } from "../inspection.js";
import type { Answer } from "../net/answer.js";
import { authenticationFor } from "./client-identity.js";
import type { Discovered } from "./discovery.js";
import type { Grant } from "./grant.js";
import type { LoginMethod, PrivateClientKey } from "./method.js";
import { requestOptions } from "./oauth-fetch.js";
import { split } from "./scopes.js";

/** The client credentials grant, with a secret or with a signed assertion. */
export async function machineFlow(
  inspection: Inspection,
  { server, resource }: Discovered,
  method: Extract<LoginMethod, { readonly kind: "machine" }>,
  scopes: readonly string[],
): Promise<Grant> {
  const client = { client_id: method.client.id };
  const authentication =
    method.key === undefined
      ? authenticationFor(server, method.client.secret)
      : await assertionOf(method.key);
  const answers: Answer[] = [];
  const options = requestOptions(inspection, "POST token", (answer) => answers.push(answer));
  const parameters = { resource, ...(scopes.length === 0 ? {} : { scope: scopes.join(" ") }) };
  const response = await clientCredentialsGrantRequest(server, client, authentication, parameters, options);
  const token = await processClientCredentialsResponse(server, client, response);
  const [answer] = answers;
  return {
    token: token.access_token,
    requested: scopes,
    scopes: token.scope === undefined ? scopes : split(token.scope),
    issuer: server.issuer,
    resource,
    clientBy: "registered beforehand",
    ...(token.expires_in === undefined ? {} : { expiresIn: token.expires_in }),
    ...(answer === undefined ? {} : { response: answer }),
  };
}

/** Web Crypto's words for the JWS algorithms (RFC 7518 §3.1). */
const imports: Readonly<Record<string, { name: string; hash?: string; namedCurve?: string }>> = {
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  PS256: { name: "RSA-PSS", hash: "SHA-256" },
  ES256: { name: "ECDSA", namedCurve: "P-256" },
  ES384: { name: "ECDSA", namedCurve: "P-384" },
  EdDSA: { name: "Ed25519" },
};

async function assertionOf({ pem, algorithm }: PrivateClientKey): Promise<ClientAuth> {
  const parameters = imports[algorithm];
  if (parameters === undefined) {
    throw new TypeError(
      `${algorithm} is no algorithm for client assertions; use ${Object.keys(imports).join(", ")}`,
    );
  }
  const der = createPrivateKey(pem).export({ format: "der", type: "pkcs8" });
  return PrivateKeyJwt(await webcrypto.subtle.importKey("pkcs8", der, parameters, false, ["sign"]));
}
