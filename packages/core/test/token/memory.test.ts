import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { setImmediate as nextTurn } from "node:timers/promises";
import { getHeapSnapshot } from "node:v8";
import { calculateJwkThumbprint } from "jose";
import { expect, it } from "vitest";
import { dpop } from "../../src/dpop.js";
import { createGate } from "../../src/gate.js";
import { jwt } from "../../src/token/jwt.js";
import { claims, ISS, jwks, now, RES, rsa, signedToken, signingKey } from "./issuer.js";

const device = signingKey("ES256", "device");
const deviceJwk = device.publicKey.export({ format: "jwk" });
const jkt = await calculateJwkThumbprint(deviceJwk);
const issued = now();
const gate = createGate({
  resource: RES,
  provider: jwt({ issuer: ISS, keys: jwks(rsa) }),
  dpop: dpop(),
  policy: { methods: { ping: "todo:read" } },
});

/** The same token for the same number, because RS256 has no randomness in it. */
const token = (id: string, overrides: object = {}) =>
  signedToken(claims({ jti: id, iat: issued, exp: issued + 300, ...overrides }));

function proof(of: string): string {
  const ath = createHash("sha256").update(of).digest("base64url");
  const header = { typ: "dpop+jwt", kid: undefined, jwk: deviceJwk };
  return signedToken({ jti: of.slice(-20), htm: "POST", htu: RES, iat: issued, ath }, header, device);
}

async function send(...headers: readonly (readonly [string, string])[]): Promise<string> {
  const outcome = await gate.authenticate({
    method: "POST",
    target: "/mcp",
    headers: [["Content-Type", "application/json"], ...headers],
  });
  if (outcome.kind !== "authenticated") return outcome.kind;
  return (await outcome.authorize({ kind: "parsed", value: { jsonrpc: "2.0", id: 1, method: "ping" } })).kind;
}

const bearer = (text: string) => send(["Authorization", `Bearer ${text}`]);

async function sendAll(): Promise<void> {
  expect(await bearer(token("once"))).toBe("granted");
  for (const _ of [1, 2, 3]) expect(await bearer(token("often"))).toBe("granted");
  expect(await bearer(token("expired", { exp: issued - 60 }))).toBe("answer");
  expect(await bearer(token("for another", { aud: "https://other.example.com" }))).toBe("answer");
  const bound = token("bound", { cnf: { jkt } });
  expect(await send(["Authorization", `DPoP ${bound}`], ["DPoP", proof(bound)])).toBe("granted");
}

it("holds no token once its request is over, neither as a key nor in a string that was cut from it", async () => {
  const held = token("held");
  await sendAll();
  await nextTurn();
  const heap = await buffer(getHeapSnapshot());
  const isInMemory = (text: string, segment = 2) =>
    heap.includes((text.split(".")[segment] as string).slice(0, 40));
  expect(isInMemory(held), "the snapshot shows strings").toBe(true);
  expect(isInMemory(token("once"))).toBe(false);
  expect(isInMemory(token("often"))).toBe(false);
  expect(isInMemory(token("expired", { exp: issued - 60 }))).toBe(false);
  expect(isInMemory(token("for another", { aud: "https://other.example.com" }))).toBe(false);
  const bound = token("bound", { cnf: { jkt } });
  expect(isInMemory(bound)).toBe(false);
  // The signature of a proof is another one each time.
  expect(isInMemory(proof(bound), 1)).toBe(false);
});
