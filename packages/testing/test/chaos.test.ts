import { Agent, createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { jwt } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/core/node";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  createTokenMint,
  type Outage,
  type TokenMint,
  type WrongTokenName,
  wrongTokens,
} from "../src/index.js";

/**
 * Several clients send requests without a pause while everything that can happen to a key server happens to it.
 * A token may go unchecked for a while (503); it may never be judged wrongly.
 */

const requests = 10_000;
const clients = 8;
const outages: readonly Outage[] = ["refuse", "500", "html", "empty", "malformed", "slow", "redirect"];
/** Seconds. Short, so that every rule about keys comes to bear many times over. */
const keySet = { maxAge: 0.3, cooldown: 0.1, timeout: 0.2, maxStale: 600 };

let mint: TokenMint;
let url: string;
const server = createServer();
const agent = new Agent({ keepAlive: true, maxSockets: clients });

beforeAll(async () => {
  mint = await createTokenMint({ algorithms: ["RS256"] });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  const handler = { fetch: () => Response.json({ jsonrpc: "2.0", id: 1, result: {} }) };
  const provider = jwt({ issuer: mint.issuer, jwksUri: mint.jwksUri, audience: mint.audience, keySet });
  const gate = mcpAuthz({ resource: url, provider, policy: { unlisted: "baseline" }, handler });
  server.on("request", (request, response) => void gate(request, response));
});

afterAll(async () => {
  agent.destroy();
  server.closeAllConnections();
  server.close();
  await mint.close();
});

const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });

function send(token: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "content-length": body.length,
    };
    httpRequest(url, { method: "POST", agent, headers }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode as number));
    })
      .on("error", reject)
      .end(body);
  });
}

it("judges no token wrongly while its key server is slow, wrong, empty, rotated, gone and back", async () => {
  const wrong = (Object.keys(wrongTokens) as WrongTokenName[])
    .map((name) => {
      try {
        return { name, token: mint.wrong(name) };
      } catch {
        // Made with a key that this mint does not have.
        return undefined;
      }
    })
    .filter(
      (each) => each !== undefined && /^[A-Za-z0-9\-._~+/]+=*$/.test(each.token) && each.token.length < 8000,
    );
  expect(wrong.length).toBeGreaterThan(40);

  /** Good tokens of the key that has been published for long enough to be signed with. */
  const mintGood = () =>
    Array.from({ length: 50 }, (_, index) => mint.token({ aud: mint.audience, sub: `user_${index}` }));
  let good = mintGood();
  const seen = new Map<string, number>();
  const count = (what: string, status: number) =>
    seen.set(`${what} ${status}`, (seen.get(`${what} ${status}`) ?? 0) + 1);
  let sent = 0;
  let over = false;

  const client = async () => {
    while (sent < requests) {
      const number = sent++;
      if (number % 3 === 0) {
        const { name, token } = wrong[number % wrong.length] as (typeof wrong)[number] & {};
        const status = await send(token);
        count("wrong", status);
        if (status !== 401 && status !== 503) throw new Error(`${name} was answered with ${status}`);
      } else {
        const token = good[number % good.length] as string;
        const status = await send(token);
        // A key that was withdrawn in between takes its tokens with it.
        if (good.includes(token)) count("good", status);
      }
    }
    over = true;
  };

  const trouble = async () => {
    for (let round = 0; !over; round++) {
      await mint.outage(outages[round % outages.length] as Outage);
      await pause(60);
      await mint.restore();
      await pause(120);
      if (round % 3 !== 0) continue;
      // As real servers do: publish, wait until everybody knows, sign, and only then withdraw.
      const before = mint.key().kid;
      await mint.rotate();
      await pause(1000 * (keySet.maxAge + keySet.cooldown));
      good = mintGood();
      await pause(20);
      mint.removeKey(before);
    }
  };

  await Promise.all([trouble(), ...Array.from({ length: clients }, client)]);
  expect(
    [...seen.keys()].filter((outcome) => !/^(?:good (?:200|503)|wrong (?:401|503))$/.test(outcome)),
  ).toEqual([]);
  // How many pass in between depends on the machine; that tokens do pass must not.
  expect(seen.get("good 200")).toBeGreaterThan(requests / 50);

  // Back to normal, without a restart.
  await mint.restore();
  await pause(1000 * keySet.maxAge);
  for (const token of mintGood()) {
    let status = await send(token);
    for (let patience = 0; status === 503 && patience < 40; patience++) {
      await pause(100);
      status = await send(token);
    }
    expect(status).toBe(200);
  }
}, 120_000);
