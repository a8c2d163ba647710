import { deepStrictEqual, equal, ok } from "node:assert/strict";
import type { Outage } from "../../mint/key-server.js";
import type { Claims } from "../../mint/token-mint.js";
import { invalidToken, served, temporarilyUnavailable } from "../expected.js";
import { authorized, listTodos } from "../requests.js";
import type { ContractRow, ContractScenario, ExpectedAnswer, Scene } from "../row.js";
import { row } from "../rows.js";
import { isUnavailable } from "./keys.js";

const active = "RFC 7662 §2.2: active is a boolean, and only true means that the token is good";
const claims = "RFC 7662 §4: the resource checks what the answer says, as it would a token's claims";
const now = (): number => Math.floor(Date.now() / 1000);

const answered = (
  rows: string,
  title: string,
  why: string,
  differing: () => Claims,
  expected: ExpectedAnswer = invalidToken,
): ContractRow =>
  row(rows, title, why, ({ mint }) => authorized(mint.opaque(differing()), listTodos), expected, {
    setup: "introspection",
  });

const good = served("tools/call list_todos");

export const introspected: readonly ContractRow[] = [
  answered("P2", "takes an opaque token that the issuer says is active", active, () => ({}), good),
  row(
    "P2",
    "takes an opaque token for this resource and others",
    claims,
    ({ mint }) => authorized(mint.opaque({ aud: [mint.audience, "https://other.example.com"] }), listTodos),
    good,
    { setup: "introspection" },
  ),
  answered("N075", "refuses a token that is not active", active, () => ({ active: false })),
  answered("N075", "refuses a token whose state is not said", active, () => ({ active: undefined })),
  answered("N075", 'refuses a token that is active "true"', active, () => ({ active: "true" })),
  answered("N075", "refuses a token that is active 1", active, () => ({ active: 1 })),
  answered("N076", "refuses an active token that is for nobody", claims, () => ({ aud: undefined })),
  answered("N077", "refuses an active token for another resource", claims, () => ({
    aud: "https://other.example.com/mcp",
  })),
  answered("N078", "refuses an active token that has expired", claims, () => ({ exp: now() - 120 })),
  answered(
    "N078",
    "takes an active token without exp",
    "RFC 7662 §2.2: exp is optional in an answer",
    () => ({ exp: undefined }),
    good,
  ),
  answered("N084", "refuses an active token from another issuer", claims, () => ({
    iss: "https://evil.example.com",
  })),
  answered("N062", "refuses an active token that is bound to a key", "RFC 9449 §7.1", () => ({
    cnf: { jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" },
  })),
  row(
    "N075",
    "refuses a token that the issuer does not know",
    active,
    authorized("unheard-of", listTodos),
    invalidToken,
    { setup: "introspection" },
  ),
  row(
    "N086",
    "refuses a good token of another issuer",
    "RFC 7662 §4: the configured issuer decides, not what a token says of itself",
    ({ partner }) => authorized(partner.token(), listTodos),
    invalidToken,
    { setup: "introspection" },
  ),
  row(
    "N081",
    "says that it cannot tell when the issuer does not take its own credentials",
    "RFC 7662 §2.3: 401 of that endpoint is about the resource's credentials, not the caller's",
    ({ mint }) => authorized(mint.opaque(), listTodos),
    temporarilyUnavailable,
    { setup: "introspection with a wrong secret" },
  ),
];

const call = ({ exchange, mints: { mint } }: Scene, token = mint.opaque()) =>
  exchange(authorized(token, listTodos));

const outage = (kind: Outage, what: string): ContractScenario => ({
  rows: ["N080"],
  title: `says that it cannot tell when the introspection endpoint ${what}`,
  why: "RFC 9110 §15.6.4: 503 with Retry-After; a challenge would make the client throw away a good token",
  setup: "introspection",
  fresh: true,
  async run(scene) {
    await scene.mints.mint.outage(kind);
    isUnavailable(await call(scene));
    equal(scene.probe.runs.length, 0);
    equal(scene.mints.mint.fetches.forbidden, 0);
  },
});

export const introspection: readonly ContractScenario[] = [
  outage("refuse", "refuses connections"),
  outage("500", "fails"),
  outage("html", "shows a web page"),
  outage("malformed", "sends half a document"),
  outage("slow", "does not answer"),
  outage("huge", "does not stop talking"),
  outage("redirect", "points to another origin"),
  {
    rows: ["N079"],
    title: "refuses a revoked token at once where answers are not remembered",
    why: "RFC 7662 §4: how long answers are remembered is how late a revocation is seen",
    setup: "introspection",
    async run(scene) {
      const token = scene.mints.mint.opaque();
      equal((await call(scene, token)).status, 200);
      scene.mints.mint.revoke(token);
      equal((await call(scene, token)).status, 401);
    },
  },
  {
    rows: ["N085"],
    title: "asks once about a token that comes a hundred times at once",
    why: "CWE-406: one request from outside causes one at the issuer at most",
    setup: "remembered introspection",
    fresh: true,
    async run(scene) {
      const token = scene.mints.mint.opaque();
      const statuses = await Promise.all(
        Array.from({ length: 100 }, () => call(scene, token).then(({ status }) => status)),
      );
      deepStrictEqual(new Set(statuses), new Set([200]));
      equal(scene.mints.mint.fetches.introspection, 1);
    },
  },
  {
    rows: ["N082"],
    title: "lets nobody in by a flood of made-up tokens, and serves a good one after it",
    why: "CWE-770: what is remembered and what is asked at the same time is bounded",
    setup: "remembered introspection",
    fresh: true,
    async run(scene) {
      const flood = Array.from({ length: 200 }, (_, index) => call(scene, `made-up-${index}`));
      for (const { status } of await Promise.all(flood))
        ok(status === 401 || status === 503, `status ${status}`);
      equal(scene.probe.runs.length, 0);
      equal((await call(scene)).status, 200);
    },
  },
  {
    rows: ["N083"],
    title: "does not ask about what cannot be a token",
    why: "RFC 6750 §2.1: characters outside of the grammar never reach the issuer's form",
    setup: "introspection",
    fresh: true,
    async run(scene) {
      equal((await call(scene, "good&token_type_hint=refresh_token")).status, 401);
      equal(scene.mints.mint.fetches.introspection, 0);
    },
  },
];
