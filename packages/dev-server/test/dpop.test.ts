import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDevServer, type DevServer } from "../src/index.js";
import {
  authorize,
  claimsOf,
  endpoints,
  newPkce,
  postForm,
  REDIRECT,
  registerClient,
  theServer,
} from "./support/oauth.js";

describe("DPoP", () => {
  let dev: DevServer;
  beforeAll(async () => {
    dev = await createDevServer({
      banner: false,
      approve: "auto",
      servers: [{ name: "Todo", scopes: ["a"] }],
    });
  });
  afterAll(() => dev.close());

  it("binds the access token to the key of the proof (RFC 9449)", async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256");
    const jwk = await exportJWK(publicKey);
    const { authorize: endpoint, token } = endpoints(dev, theServer(dev));
    const proof = await new SignJWT({ htm: "POST", htu: token, jti: "proof-1" })
      .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk })
      .setIssuedAt()
      .sign(privateKey);
    const clientId = await registerClient(dev);
    const pkce = newPkce();
    const form = {
      grant_type: "authorization_code",
      code: (await authorize(endpoint, pkce.challenge, { client_id: clientId })).get("code") ?? "",
      code_verifier: pkce.verifier,
      redirect_uri: REDIRECT,
      client_id: clientId,
    };
    const reply = await postForm(token, form, { dpop: proof });
    expect(reply.body.token_type).toBe("DPoP");
    expect(claimsOf(reply.body.access_token).cnf).toEqual({ jkt: await calculateJwkThumbprint(jwk) });
    const replayed = await postForm(token, form, { dpop: proof });
    expect(replayed.status).toBe(400);
  });
});
