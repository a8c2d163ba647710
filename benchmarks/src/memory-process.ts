/** Memory of remembered tokens. Reports heap per token over the token's own length. */
import { createHmac, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createGate, jwt } from "@mcp-authz/core";
import { createVerifier } from "fast-jwt";
import { resource, scope } from "./issuer.js";

export interface MemoryReport {
  readonly ratio: number;
}

const [who = "ours", size = "1000"] = process.argv.slice(2);
const count = Number(size);
const secret = randomBytes(32);
const now = Math.floor(Date.now() / 1000);
let length = 0;

function tokenOf(number: number): string {
  const id = number.toString(36).padStart(32, "0");
  const claims = {
    iss: "https://as.example.com",
    sub: `usr_${id}`,
    aud: [resource],
    client_id: `skc_${id}`,
    iat: now,
    exp: now + 36_000,
    jti: `tkn_${id}`,
    scope: "todo:read todo:write openid profile email",
    sid: `ses_${id}`,
    oid: `org_${id}`,
    roles: ["member", "editor"],
    permissions: ["todos.create", "todos.delete", "members.invite"],
  };
  const alg = who === "ours" ? "RS256" : "HS256";
  const signed = [{ alg, typ: "at+jwt" }, claims].map((part) => encoded(JSON.stringify(part))).join(".");
  // Ours is not made to look at it: a signature is not remembered, and a million take too long to make.
  const signature = who === "ours" ? randomBytes(256) : createHmac("sha256", secret).update(signed).digest();
  return `${signed}.${encoded(signature)}`;
}

function encoded(value: string | Uint8Array): string {
  return Buffer.from(value as string).toString("base64url");
}

/** What keeps tokens, and what has to be held so that it lives. */
function rememberer(size: number): { remember: (token: string) => unknown; held: unknown } {
  if (who === "fast-jwt") {
    const verify = createVerifier({ key: secret, algorithms: ["HS256"], cache: size });
    return { remember: verify, held: verify };
  }
  const key = { retired: false };
  const provider = jwt({
    issuer: "https://as.example.com",
    cache: { size, ttl: 36_000 },
    signatures: () => ({
      signedBy: () => key,
      refresh: async () => {},
      health: () => ({ ready: true }),
    }),
  });
  const gate = createGate({ resource, provider, policy: { baseline: scope } });
  const remember = async (token: string) => {
    const headers = [
      ["Authorization", `Bearer ${token}`],
      ["Content-Type", "application/json"],
    ] as const;
    const outcome = await gate.authenticate({ method: "POST", target: "/mcp", headers });
    if (outcome.kind !== "authenticated") throw new Error(outcome.kind);
  };
  return { remember, held: gate };
}

async function fill(size: number): Promise<unknown> {
  const { remember, held } = rememberer(size);
  for (let number = 0; number < size; number++) {
    const token = tokenOf(number);
    length = token.length;
    await remember(token);
  }
  return held;
}

async function heap(): Promise<number> {
  for (let round = 0; round < 8; round++) {
    (globalThis as { gc?: () => void }).gc?.();
    await sleep(20);
  }
  return process.memoryUsage().heapUsed + process.memoryUsage().external;
}

await fill(2_000);
const before = await heap();
const held = await fill(count);
const added = (await heap()) - before;
process.send?.({ ratio: added / count / length } satisfies MemoryReport, () => held);
