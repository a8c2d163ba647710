import { wrongTokens } from "@mcp-authz/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Finding, type Report, verify, verifyInside } from "../src/index.js";
import { wrongTokenAdvice } from "../src/inside/checks/wrong-token-advice.js";
import { outsideRemedies } from "./remedies/outside.js";
import { type Remedies, together } from "./remedies/remedy.js";
import { guideVerificationRemedies, sdkVerificationRemedies } from "./remedies/verification.js";
import { toolScopes, withTokenRemedies } from "./remedies/with-token.js";
import { wrongTokenRemedies } from "./remedies/wrong-tokens.js";
import { type AuthorizationServer, startAuthorizationServer } from "./servers/authorization-server.js";
import { startGuideServer } from "./servers/guide-server.js";
import type { Mending, SampleOptions, Site } from "./servers/mending.js";
import { keyCooldown, startSdkServer } from "./servers/sdk-server.js";

/** Milliseconds for one test: each starts the server once per finding. */
const patience = 120_000;

type Start = typeof startGuideServer;
type Mend = SampleOptions["mend"];

const samples: readonly (readonly [name: string, start: Start, remedies: Remedies])[] = [
  [
    "the guide's sample server",
    startGuideServer,
    { ...outsideRemedies, ...withTokenRemedies, ...guideVerificationRemedies, ...wrongTokenRemedies },
  ],
  [
    "a server with the SDK's requireBearerAuth alone",
    startSdkServer,
    { ...outsideRemedies, ...withTokenRemedies, ...sdkVerificationRemedies, ...wrongTokenRemedies },
  ],
];

let authorizationServer: AuthorizationServer;
beforeAll(async () => {
  // Scalekit's tokens name their scopes in an array of their own.
  authorizationServer = await startAuthorizationServer({
    claims: (claims) => ({ ...claims, scopes: String(claims.scope).split(" ") }),
  });
});
afterAll(() => authorizationServer.close());

/** From outside, with a login. */
async function fromOutside(start: Start, mend?: Mend, only?: readonly string[]): Promise<Report> {
  const server = await start(authorizationServer, mend === undefined ? {} : { mend });
  try {
    return await verify({
      url: server.url,
      login: { kind: "auto" },
      tools: Object.keys(toolScopes),
      scopes: ["todo:read"],
      ...(only === undefined ? {} : { only }),
    });
  } finally {
    await server.close();
  }
}

function fromInside(start: Start, mend?: Mend, only?: readonly string[]): Promise<Report> {
  return verifyInside({
    app: ({ issuer, port, resource }) =>
      start({ issuer }, { at: { port, resource }, ...(mend === undefined ? {} : { mend }) }),
    tools: toolScopes,
    keyCooldown: 2 * keyCooldown,
    ...(only === undefined ? {} : { only }),
  });
}

function problems({ findings }: Report): readonly Finding[] {
  return findings.filter(({ outcome }) => outcome !== "pass" && outcome !== "skip");
}

/** A change as it is worded for a server at `origin`. */
function changeAt(origin: string, { url }: Report, { change }: Finding): string {
  return change.replaceAll(new URL(url).origin, origin);
}

/** Findings that are told apart by what they ask for, wherever the server was. */
function asked(report: Report, findings: readonly Finding[]): readonly string[] {
  return findings.map((finding) => `${finding.code}: ${changeAt("<origin>", report, finding)}`);
}

/** What a finding asks for, done. One code stands for every rule about tokens; there the section tells which. */
function mendingFor(remedies: Remedies, report: Report, finding: Finding, site: Site): Mending {
  const { code, section } = finding;
  const remedy = remedies[code === "inside-wrong-token-accepted" ? section : code];
  if (remedy === undefined) throw new Error(`no remedy for ${code}, ${section}: ${finding.change}`);
  return remedy(changeAt(site.origin, report, finding), site);
}

/** Checks that only a mint can carry out. The others are the same from inside and from outside. */
const onlyInside = /^I\d/;

describe.each([
  ["from outside, with a login", fromOutside, /^/],
  ["from inside", fromInside, onlyInside],
] as const)("what verify finds %s", (_, examine, checks) => {
  const reports = new Map<Start, Promise<Report>>();
  const unmended = (start: Start): Promise<Report> => {
    const report = reports.get(start) ?? examine(start);
    reports.set(start, report);
    return report;
  };

  it.each(samples)(
    "in %s goes away when its change is made",
    async (_name, start, remedies) => {
      const before = await unmended(start);
      const found = problems(before).filter(({ check }) => checks.test(check));
      // Elsewhere, alone, the same is found in the same words: else its absence would prove nothing.
      const again = await examine(start, undefined, [...new Set(found.map(({ check }) => check))]);
      expect(asked(again, problems(again))).toEqual(asked(before, found));
      for (const finding of found) {
        const mend: Mend = (site) => mendingFor(remedies, before, finding, site);
        const after = await examine(start, mend, [finding.check]);
        expect.soft(asked(after, problems(after))).not.toContain(asked(before, [finding])[0]);
      }
    },
    patience,
  );

  it.each(samples)(
    "in %s leaves nothing when every change is made",
    async (_name, start, remedies) => {
      // Some defects hide others: a batch passes no check of scopes until there is one. They come up in a later round.
      const changes: ((site: Site) => Mending)[] = [];
      let report = await unmended(start);
      for (let round = 0; round < 3 && problems(report).length > 0; round += 1) {
        const seen = report;
        for (const finding of problems(seen))
          changes.push((site) => mendingFor(remedies, seen, finding, site));
        report = await examine(start, (site) => together(changes.map((change) => change(site))));
      }
      expect(problems(report)).toEqual([]);
    },
    patience,
  );
});

it("has a line for every rule that a wrong token breaks", () => {
  const rules = Object.values(wrongTokens).map(({ why }) => why);
  const without = rules.filter((rule) => wrongTokenAdvice(rule).endsWith(rule.slice(rule.indexOf(": ") + 2)));
  expect(without).toEqual([]);
});
