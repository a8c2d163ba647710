import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDevServer, type DevServer, type TokenFault } from "../src/index.js";
import { claimsOf, headerOf, login, theServer } from "./support/oauth.js";

describe("tokens that are wrong on purpose", () => {
  let dev: DevServer;
  beforeAll(async () => {
    dev = await createDevServer({
      banner: false,
      approve: "auto",
      servers: [{ name: "Todo", scopes: ["a"] }],
    });
  });
  afterAll(() => dev.close());

  async function token(fault: TokenFault | undefined): Promise<string> {
    dev.setTokenFault(fault);
    const { tokens } = await login(dev, { scope: "a" });
    dev.setTokenFault(undefined);
    return String(tokens.access_token);
  }

  /** What a careful resource server does. */
  async function verify(jwt: string): Promise<void> {
    const keys = createRemoteJWKSet(new URL(`${dev.url}/keys`));
    const options = {
      issuer: dev.url,
      audience: theServer(dev).id,
      algorithms: ["RS256"],
      requiredClaims: ["exp"],
    };
    const { payload, protectedHeader } = await jwtVerify(jwt, keys, options);
    if (protectedHeader.typ !== "JWT") throw new Error("typ");
    if (payload.scopes === undefined) throw new Error("scopes");
  }

  it.each<[TokenFault, RegExp]>([
    ["expired", /"exp" claim timestamp check failed/],
    ["not_yet_valid", /"nbf" claim timestamp check failed/],
    ["no_expiry", /missing required "exp" claim/],
    ["wrong_audience", /unexpected "aud" claim value/],
    ["wrong_issuer", /unexpected "iss" claim value/],
    ["sibling_issuer", /unexpected "iss" claim value/],
    ["wrong_type", /^typ$/],
    ["no_scopes", /^scopes$/],
    ["unknown_key", /no applicable key found/],
    ["bad_signature", /signature verification failed/],
    ["unsigned", /"alg" \(Algorithm\) Header Parameter value not allowed/],
  ])("%s: a careful resource server refuses it", async (fault, message) => {
    await expect(verify(await token(fault))).rejects.toThrow(message);
  });

  it("are only wrong in that one way", async () => {
    await expect(verify(await token(undefined))).resolves.toBeUndefined();
    expect(headerOf(await token("bad_signature")).kid).toBe(headerOf(await token(undefined)).kid);
    expect(claimsOf(await token("wrong_audience")).iss).toBe(dev.url);
  });
});
