import type { FetchesReport } from "../fetches-process.js";
import { reportOf } from "../process.js";
import type { Chapter, Goal } from "../report/chapter.js";

const who = [
  "ours",
  "jose, also under the MCP SDKs' requireBearerAuth",
  "mcp-auth",
  "express-oauth2-jwt-bearer",
  "hono/jwk, jwks_uri",
  "jwks-rsa, under koa-jwt",
  "@scalekit-sdk/node",
] as const;

/** What trouble costs the authorization server. */
export async function fetches(): Promise<Chapter> {
  const reports = new Map<string, FetchesReport>();
  // Counts do not depend on the load, so all can go at once.
  await Promise.all(
    who.map(async (name) => reports.set(name, await reportOf<FetchesReport>("fetches", [name]))),
  );
  const { herd, flood, outage } = reports.get("ours") as FetchesReport;
  const floods = [flood.warm, flood.later, flood.cold];
  const exact = (text: string, measured: string, met: boolean): Goal => ({ text, measured, met });
  return {
    tables: [
      {
        title: "Fetches of the key set",
        notes: [
          "The key set takes 20 ms; time is moved on by moving the clock. The outage lasts a minute in which a token comes four times a second.",
        ],
        head: [
          "",
          "herd of 300, cold",
          "300 unknown `kid`s right after a fetch",
          "a minute later",
          "cold",
          "outage",
          "seconds between the fetches",
        ],
        rows: who.map((name) => {
          const report = reports.get(name) as FetchesReport;
          return [
            name,
            String(report.herd),
            String(report.flood.warm),
            String(report.flood.later),
            String(report.flood.cold),
            String(report.outage.fetches),
            gapsOf(report.outage.gaps),
          ];
        }),
      },
    ],
    goals: [
      exact("a cold herd of 300 requests: one fetch", String(herd), herd === 1),
      exact("a flood of 300 unknown kids: at most two fetches", floods.join(", "), Math.max(...floods) <= 2),
      exact(
        "outage: one fetch per growing back-off step",
        `${outage.fetches} fetches, ${gapsOf(outage.gaps)} s apart`,
        outage.fetches > 1 && outage.gaps.every((gap, index) => gap > (outage.gaps[index - 1] ?? 0)),
      ),
    ],
  };
}

function gapsOf(gaps: readonly number[]): string {
  const shown = gaps.slice(0, 6).map((gap) => gap.toFixed(2).replace(/\.?0+$/, ""));
  return `${shown.join(", ")}${gaps.length > 6 ? " …" : ""}` || "-";
}
