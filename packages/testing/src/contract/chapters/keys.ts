import { deepStrictEqual, equal, match, ok } from "node:assert/strict";
import type { Outage } from "../../mint/key-server.js";
import type { RawAnswer } from "../../raw/answer.js";
import { authorized, listTodos } from "../requests.js";
import type { ContractScenario, Scene } from "../row.js";

const unavailable =
  "RFC 9110 §15.6.4: 503 with Retry-After; a challenge would make the client throw away a good token";

const call = ({ exchange, mints: { mint } }: Scene, token = mint.token()): Promise<RawAnswer> =>
  exchange(authorized(token, listTodos));

/** 503, and nothing that would make a client log in again. */
export function isUnavailable(answer: RawAnswer): void {
  equal(answer.status, 503);
  match(answer.header("Retry-After") ?? "", /^[1-9]\d{0,3}$/);
  equal(answer.header("WWW-Authenticate"), undefined);
  deepStrictEqual(answer.json(), {
    error: "temporarily_unavailable",
    error_description: "The request could not be authorized right now; try again shortly",
  });
}

const cold = (kind: Outage, rows: string, what: string): ContractScenario => ({
  rows: rows.split(" "),
  title: `says that it cannot tell when it has no keys yet and the key server ${what}`,
  why: unavailable,
  setup: "own keys",
  fresh: true,
  async run(scene) {
    await scene.mints.mint.outage(kind);
    isUnavailable(await call(scene));
    equal(scene.probe.runs.length, 0);
    equal(scene.mints.mint.fetches.forbidden, 0);
  },
});

const warm = (kind: Outage, what: string): ContractScenario => ({
  rows: ["N030", "N031"],
  title: `serves on with the keys it has while the key server ${what}`,
  why: "RFC 9110 §15.6.4: an outage of the issuer is no outage of the resource",
  setup: "own keys",
  fresh: true,
  async run(scene) {
    const { mint } = scene.mints;
    equal((await call(scene)).status, 200);
    await mint.outage(kind);
    // A key that nobody knows makes the gate look, and find the server out of order.
    const unknown = await call(scene, mint.token({}, { header: { kid: "unheard-of" } }));
    ok(unknown.status === 401 || unknown.status === 503, `status ${unknown.status}`);
    equal((await call(scene)).status, 200);
  },
});

export const keys: readonly ContractScenario[] = [
  cold("refuse", "N029", "refuses connections"),
  cold("500", "N029", "fails"),
  cold("html", "N031", "shows a web page"),
  cold("empty", "N031", "has no keys to show"),
  cold("malformed", "N031", "sends half a document"),
  cold("slow", "N027", "does not answer"),
  cold("huge", "N027", "does not stop talking"),
  cold("redirect", "N028", "points to another origin"),
  warm("refuse", "refuses connections"),
  warm("html", "shows a web page"),
  warm("empty", "has no keys to show"),
  {
    rows: ["N026", "P6"],
    title: "takes a new key without a restart, and the old one beside it",
    why: "OpenID Connect Core §10.1.1: signing keys rotate",
    setup: "own keys",
    fresh: true,
    async run(scene) {
      const { mint } = scene.mints;
      const before = mint.token();
      equal((await call(scene, before)).status, 200);
      await mint.rotate();
      equal((await call(scene)).status, 200);
      equal((await call(scene, before)).status, 200);
    },
  },
  {
    rows: ["N025"],
    title: "refuses a key that the issuer has withdrawn, once its keys are too old",
    why: "RFC 7517 §5, OpenID Connect Core §10.1.1: a key that is no longer published is no longer good",
    setup: "short-lived keys",
    fresh: true,
    async run(scene) {
      const { mint } = scene.mints;
      const withdrawn = mint.key();
      const header = { alg: withdrawn.algorithm, typ: "at+jwt", kid: withdrawn.kid };
      const token = (): string => mint.sign(header, mint.claims(), withdrawn);
      equal((await call(scene, token())).status, 200);
      mint.removeKey(withdrawn.kid);
      await mint.rotate();
      const end = Date.now() + 5000;
      let { status } = await call(scene, token());
      while (status === 200 && Date.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        ({ status } = await call(scene, token()));
      }
      equal(status, 401);
      equal((await call(scene)).status, 200);
    },
  },
  {
    rows: ["N026"],
    title: "fetches its keys once for a hundred first requests",
    why: "CWE-406: one request from outside causes one at the issuer at most",
    setup: "own keys",
    fresh: true,
    async run(scene) {
      const statuses = await Promise.all(
        Array.from({ length: 100 }, () => call(scene).then(({ status }) => status)),
      );
      deepStrictEqual(new Set(statuses), new Set([200]));
      equal(scene.mints.mint.fetches.keys, 1);
    },
  },
  {
    rows: ["N020", "N021"],
    title: "does not ask the issuer again for each of 300 unknown keys, and serves good tokens meanwhile",
    why: "CWE-406: one request from outside causes one at the issuer at most",
    setup: "own keys",
    fresh: true,
    async run(scene) {
      const { mint } = scene.mints;
      equal((await call(scene)).status, 200);
      const flood = Array.from({ length: 300 }, (_, index) =>
        call(scene, mint.token({}, { header: { kid: `unknown ${index}` } })),
      );
      const [good, ...bad] = (await Promise.all([call(scene), ...flood])).map(({ status }) => status);
      equal(good, 200);
      deepStrictEqual(new Set(bad), new Set([401]));
      ok(mint.fetches.keys <= 5, `${mint.fetches.keys} fetches`);
    },
  },
  {
    rows: ["N017", "N018", "N019"],
    title: "never fetches what a token points to",
    why: "RFC 8725 §3.10: jku and x5u are not followed",
    setup: "main",
    async run(scene) {
      const { mint } = scene.mints;
      mint.resetFetches();
      for (const name of ["jku", "x5u", "jkuOfFile", "jkuOfCloudMetadata", "embeddedJwk"] as const)
        equal((await call(scene, mint.wrong(name))).status, 401);
      equal(mint.fetches.forbidden, 0);
    },
  },
];
