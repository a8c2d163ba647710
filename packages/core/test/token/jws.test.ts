import { constants, createHmac, generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Verification } from "../../src/provider.js";
import { type JwtOptions, jwt } from "../../src/token/jwt.js";
import {
  claims,
  ec,
  ed,
  hmacToken,
  ISS,
  jwks,
  localServer,
  resource,
  rsa,
  signedToken,
  signingKey,
} from "./issuer.js";

const keys = jwks(rsa, ec, ed);
const good = signedToken();
const [header = "", payload = "", signature = ""] = good.split(".");

function outcome(token: string, options: Partial<JwtOptions> = {}): string {
  const verification = jwt({ issuer: ISS, keys, ...options })
    .verifierFor(resource)
    .verify(token) as Verification;
  return verification.kind === "rejected" ? verification.reason : verification.kind;
}

function b64(value: unknown): string {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
}

describe("an algorithm that does not protect is refused", () => {
  it.each([["none"], ["None"], ["NONE"], ["nOnE"], [""]])("alg %j, with and without a signature", (alg) => {
    const unsigned = `${b64({ alg, kid: rsa.kid })}.${payload}`;
    expect(outcome(`${unsigned}.`)).toBe("token_algorithm");
    expect(outcome(`${unsigned}.${signature}`)).toBe("token_algorithm");
  });

  const spki = rsa.publicKey.export({ type: "spki", format: "pem" }) as string;
  it.each<[string, string | Buffer]>([
    ["PEM", spki],
    ["PEM without its last newline", spki.trimEnd()],
    ["PKCS#1 PEM", rsa.publicKey.export({ type: "pkcs1", format: "pem" })],
    ["DER", rsa.publicKey.export({ type: "spki", format: "der" })],
    ["JWK", JSON.stringify(rsa.jwk)],
    ["an empty key", ""],
  ])("HS256 with the public key as the secret: %s", (_form, secret) => {
    expect(outcome(hmacToken(secret, rsa.kid))).toBe("token_algorithm");
  });

  it("HS256 with a symmetric key that the issuer published", () => {
    const secret = Buffer.from("a secret that is long enough for it");
    const oct = { kty: "oct", kid: "oct", k: secret.toString("base64url") };
    expect(outcome(hmacToken(secret, "oct"), { keys: { keys: [rsa.jwk, oct] } })).toBe("token_algorithm");
  });

  it.each([[undefined], [256], [["RS256"]], [null], [{}], [true]])("alg %j", (alg) => {
    expect(outcome(signedToken(claims(), JSON.stringify({ alg, kid: rsa.kid })))).toBe("token_algorithm");
  });

  it("one that is not on the list, though a key of the issuer's made it", () => {
    expect(outcome(signedToken(claims(), {}, ec), { algorithms: ["RS256"] })).toBe("token_algorithm");
  });

  it("PS256 by a key that is for RS256", () => {
    const padded = { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    const signed = `${b64({ alg: "PS256", kid: rsa.kid })}.${payload}`;
    expect(outcome(`${signed}.${sign("sha256", Buffer.from(signed), padded).toString("base64url")}`)).toBe(
      "token_signature",
    );
  });

  it("one that the payload asks for", () => {
    expect(outcome(signedToken(claims({ alg: "none" })))).toBe("accepted");
    expect(outcome(`${b64({ kid: rsa.kid })}.${b64(claims({ alg: "RS256" }))}.${signature}`)).toBe(
      "token_algorithm",
    );
  });
});

describe("an ECDSA signature is refused when", () => {
  const token = signedToken(claims(), {}, ec);
  const cut = token.lastIndexOf(".");
  const signed = token.slice(0, cut);
  const raw = Buffer.from(token.slice(cut + 1), "base64url");

  it.each([
    ["r = s = 0", Buffer.alloc(64)],
    ["it is DER", sign("sha256", Buffer.from(signed), ec.privateKey)],
    ["it is a byte short", raw.subarray(1)],
    ["it is a byte long", Buffer.concat([raw, Buffer.of(0)])],
    ["s is missing", raw.subarray(0, 32)],
    ["r is the order of the curve, and s = 0", Buffer.concat([Buffer.alloc(32, 0xff), Buffer.alloc(32)])],
  ])("%s", (_name, bytes) => {
    expect(outcome(token)).toBe("accepted");
    expect(outcome(`${signed}.${bytes.toString("base64url")}`)).toBe("token_signature");
  });
});

describe("a token of another form is refused", () => {
  it.each([
    ["no signature", `${header}.${payload}.`],
    ["two segments", `${header}.${payload}`],
    ["four segments", `${good}.d`],
    ["a dot at the end", `${good}.`],
    ["a dot at the start", `.${good}`],
    ["nothing", ""],
    ["dots only", ".."],
    ["five segments, a JWE", `${b64({ alg: "RSA-OAEP", enc: "A256GCM", zip: "DEF" })}.a.b.c.d`],
    [
      "a JWE that wants a billion rounds",
      `${b64({ alg: "PBES2-HS256+A128KW", p2c: 1e9, p2s: "aa" })}.a.b.c.d`,
    ],
    ["an opaque string", "opaque-token"],
    ["a header of no JSON", `${b64("{")}.${payload}.${signature}`],
    ["an empty header", `.${payload}.${signature}`],
    ["an empty payload", `${header}..${signature}`],
  ])("%s", (_name, token) => {
    expect(outcome(token)).toBe("token_malformed");
  });

  it("a truncated signature", () => {
    expect(outcome(good.slice(0, -2))).toBe("token_signature");
  });

  it.each([["[]"], ['"text"'], ["1"], ["null"], ["true"], ["{"], [""], ["{}{}"], ["\ufeff{}"]])(
    "a header or payload that is %j",
    (json) => {
      expect(outcome(signedToken(claims(), json))).toBe("token_malformed");
      expect(outcome(signedToken(json))).toBe("token_malformed");
    },
  );

  it("a payload of invalid UTF-8, or with a byte order mark", () => {
    const text = Buffer.from(JSON.stringify(claims({ sub: "user?" })));
    const at = text.indexOf("?");
    const broken = Buffer.concat([text.subarray(0, at), Buffer.of(0xc3, 0x28), text.subarray(at + 1)]);
    expect(outcome(signedToken(broken))).toBe("token_malformed");
    expect(outcome(signedToken(`\ufeff${JSON.stringify(claims())}`))).toBe("token_malformed");
    expect(outcome(signedToken(claims({ sub: "Jürgen \ufffd 用户" })))).toBe("accepted");
  });

  it("one of 64 KiB and more, before anything is decoded", () => {
    expect(outcome("a".repeat(65_537))).toBe("token_too_long");
    expect(outcome("a".repeat(1_000_000))).toBe("token_too_long");
  });

  it.each([[2000], [10_000]])("claims that are nested %d deep", (depth) => {
    const nested = JSON.stringify(claims({ deep: 1 })).replace(
      '"deep":1',
      `"deep":${"[".repeat(depth)}${"]".repeat(depth)}`,
    );
    expect(outcome(signedToken(nested))).toBe("token_claims");
  });
});

describe("one token has one spelling", () => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const strayBits = signature.slice(0, -1) + alphabet[alphabet.indexOf(signature.at(-1) as string) ^ 1];
  it.each([
    ["padding", `${good}==`],
    ["padding inside", `${header}=.${payload}.${signature}`],
    ["a space at the end", `${good} `],
    ["a newline at the end", `${good}\n`],
    ["a tab in front", `\t${good}`],
    ["white space inside", `${header}.${payload.slice(0, 4)} ${payload.slice(4)}.${signature}`],
    ["junk inside", `${header}.${payload}.${signature.slice(0, 9)}!${signature.slice(9)}`],
    ["the other alphabet", `${header}.${payload}.${signature.slice(0, -4)}+/${signature.slice(-2)}`],
    ["bits that say nothing", `${header}.${payload}.${strayBits}`],
    ["a character more than bytes have", `${good}AAA`],
    ["characters beyond ASCII", `${header}.${payload}.${signature.slice(0, -1)}Ａ`],
    [
      "characters whose low byte is right",
      good.replace("e", () => String.fromCharCode(0x100 + "e".charCodeAt(0))),
    ],
  ])("so it is refused with %s", (_name, token) => {
    expect(outcome(good)).toBe("accepted");
    expect(outcome(token)).toBe("token_malformed");
  });
});

describe("header parameters that a token may not use", () => {
  it.each([[["exp"]], [["foo"]], [[]], ["exp"], [{}], [null]])("crit: %j", (crit) => {
    expect(outcome(signedToken(claims(), { crit, foo: 1 }))).toBe("token_malformed");
  });

  it.each([[{ b64: false, crit: ["b64"] }], [{ b64: false }], [{ b64: true }]])("b64: %j", (parameters) => {
    expect(outcome(signedToken(claims(), parameters))).toBe("token_malformed");
  });

  it("b64: false, with the signature that would fit it", () => {
    const text = JSON.stringify({ alg: "RS256", kid: rsa.kid, b64: false });
    const made = sign("sha256", Buffer.from(`${b64(text)}.${JSON.stringify(claims())}`), rsa.privateKey);
    expect(outcome(`${b64(text)}.${payload}.${made.toString("base64url")}`)).toBe("token_malformed");
  });

  it("a key of its own, however it is sent along", () => {
    const evil = signingKey("RS256", "evil");
    const ownKid = (parameters: Record<string, unknown>) => signedToken(claims(), parameters, evil);
    expect(outcome(ownKid({ jwk: evil.jwk }))).toBe("token_key_unknown");
    expect(outcome(ownKid({ jwk: evil.jwk, kid: undefined }))).toBe("token_key_unknown");
    expect(outcome(ownKid({ jwk: evil.jwk, kid: rsa.kid }))).toBe("token_signature");
    expect(outcome(ownKid({ x5c: ["MIIB"], kid: rsa.kid }))).toBe("token_signature");
  });

  it("an address to fetch a key from: nothing is asked there", async () => {
    const evil = await localServer((_request, response) => response.end(JSON.stringify(jwks(rsa))));
    for (const name of ["jku", "x5u"])
      for (const url of [`${evil.origin}/keys`, "http://169.254.169.254/", "file:///etc/passwd"])
        expect(outcome(signedToken(claims(), { [name]: url, kid: "evil" }))).toBe("token_key_unknown");
    await new Promise((turn) => setImmediate(turn));
    expect(evil.requests).toEqual([]);
    await evil.close();
  });
});

describe("a kid is a name and nothing else", () => {
  it.each([
    ["../../../../etc/passwd"],
    ["' OR 1=1 --"],
    ["__proto__"],
    ["constructor"],
    ["toString"],
    ["\0"],
    [""],
  ])("%j is a key that the issuer does not have", (kid) => {
    expect(outcome(signedToken(claims(), { kid }))).toBe("token_key_unknown");
  });

  it.each([[{}], [[rsa.kid]], [1], [null], ["k".repeat(513)]])("%j is refused as no name", (kid) => {
    expect(outcome(signedToken(claims(), { kid }))).toBe("token_malformed");
  });
});

describe("claims that play with the parser", () => {
  it("count by their last value when they occur twice, as everywhere here", () => {
    const twice = (first: string, last: string) =>
      JSON.stringify(claims({ aud: first })).replace(/}$/, `,"aud":${JSON.stringify(last)}}`);
    expect(outcome(signedToken(twice("https://other.example.com", "https://mcp.example.com/mcp")))).toBe(
      "accepted",
    );
    expect(outcome(signedToken(twice("https://mcp.example.com/mcp", "https://other.example.com")))).toBe(
      "token_audience",
    );
  });

  it("named __proto__ and constructor change no object and grant nothing", () => {
    const text = JSON.stringify(claims({ scope: "todo:read" })).replace(
      /}$/,
      ',"__proto__":{"scope":"admin","polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    );
    const verification = jwt({ issuer: ISS, keys })
      .verifierFor(resource)
      .verify(signedToken(text)) as Extract<Verification, { kind: "accepted" }>;
    expect(verification.token.scopes).toEqual(["todo:read"]);
    const inherited: object = Object.getPrototypeOf(verification.token.claims);
    expect(Reflect.ownKeys(inherited)).toEqual([]);
    expect(Object.isFrozen(inherited)).toBe(true);
    expect(Object.getPrototypeOf(inherited)).toBeNull();
    expect(verification.token.claims.polluted).toBeUndefined();
    expect(Object.keys(verification.token.claims)).toContain("__proto__");
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("are the token's own: a polluted prototype adds none", () => {
    const without = (name: string) => signedToken(claims({ [name]: undefined }));
    const polluted = Object.prototype as Record<string, unknown>;
    try {
      Object.assign(polluted, { scope: "admin", roles: ["admin"], exp: 4_000_000_000, sub: "root" });
      const verification = jwt({ issuer: ISS, keys })
        .verifierFor(resource)
        .verify(without("scope")) as Extract<Verification, { kind: "accepted" }>;
      expect(verification.token.scopes).toEqual([]);
      expect(verification.token.roles).toEqual([]);
      expect(verification.token.claims.roles).toBeUndefined();
      expect(outcome(without("exp"))).toBe("token_claims");
    } finally {
      for (const name of ["scope", "roles", "exp", "sub"]) delete polluted[name];
    }
  });

  it("are frozen all the way down", () => {
    const verification = jwt({ issuer: ISS, keys })
      .verifierFor(resource)
      .verify(signedToken(claims({ roles: ["a"], nested: { list: [{ deep: 1 }] } }))) as Extract<
      Verification,
      { kind: "accepted" }
    >;
    const everything: unknown[] = [verification.token];
    for (const one of everything)
      if (typeof one === "object" && one !== null) {
        expect(Object.isFrozen(one)).toBe(true);
        everything.push(...Object.values(one));
      }
    expect(everything.length).toBeGreaterThan(20);
  });
});

describe("the wrong secret", () => {
  it("of an HMAC over an asymmetric alg is no signature", () => {
    const made = createHmac("sha256", "secret").update(`${header}.${payload}`).digest("base64url");
    expect(outcome(`${header}.${payload}.${made}`)).toBe("token_signature");
  });

  it("of a key pair that is not the issuer's is no signature", () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const made = sign("sha256", Buffer.from(`${header}.${payload}`), privateKey).toString("base64url");
    expect(outcome(`${header}.${payload}.${made}`)).toBe("token_signature");
  });
});
