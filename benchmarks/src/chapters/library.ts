import type { LibraryReport } from "../library-process.js";
import { reportOf } from "../process.js";
import type { Chapter } from "../report/chapter.js";
import { atMost, timesSlower } from "../report/goals.js";
import { median, ratiosOf } from "../statistics.js";
import type { Context } from "./context.js";
import { Profiles } from "./profiles.js";

const cached = "fast-jwt with its cache, seen";

/** Verifiers alone. */
export async function library({ quick, issuer, tokenFile }: Context): Promise<Chapter> {
  const { perSecond, profile } = await reportOf<LibraryReport>("library", [
    tokenFile,
    JSON.stringify(issuer.facts),
    quick ? "7" : "31",
    quick ? "30" : "60",
  ]);
  const rates = (label: string) => perSecond[label] ?? [];
  const labels = Object.keys(perSecond);
  const peers = labels.filter((label) => !label.startsWith("ours") && !label.startsWith("raw"));
  const cost = ratiosOf(rates("raw crypto.verify"), rates("ours, fresh"));
  const profiles = new Profiles([["ours, fresh", [profile], median(cost)]]);
  return {
    tables: [
      {
        title: "Verifiers, one token after the other",
        notes: [
          "Cost is CPU time. `raw crypto.verify` is one synchronous signature check with key, bytes and signature at hand; all others take the token as a string that was never hashed before.",
          "`fast-jwt`, `jsonwebtoken` and `hono/jwt` have one key given to them and need not choose; the others, ours among them, hold the key set of the issuer.",
        ],
        head: ["verifier", "cost beside raw", "cost beside ours, fresh", "cost beside ours, seen"],
        rows: labels.map((label) => [
          label,
          ratiosOf(rates("raw crypto.verify"), rates(label)),
          ratiosOf(rates("ours, fresh"), rates(label)),
          ratiosOf(rates("ours, seen"), rates(label)),
        ]),
      },
      profiles.table("Where the time of a fresh token goes, the verifier alone", "raw crypto.verify"),
    ],
    goals: [
      atMost(
        "a fresh token costs at most 1.25 x one raw synchronous signature check",
        cost,
        1.25,
        `${profiles.reason("ours, fresh")}. Beside the signature there are two base64url segments, the JSON of the claims, their checks and their freezing, the hash and the entry of the cache, and what the collector then has to do.`,
      ),
      ...peers
        .filter((label) => label !== cached)
        .map((label) =>
          timesSlower(
            `verifier: ${label} is at least 1.5 x slower, token fresh`,
            ratiosOf(rates("ours, fresh"), rates(label)),
            "it is one synchronous signature check as ours is, which is more than two thirds of both, with one key given and fewer checks around it.",
          ),
        ),
      ...peers.map((label) =>
        timesSlower(
          `verifier: ${label} is at least 1.5 x slower, token seen`,
          ratiosOf(rates("ours, seen"), rates(label)),
        ),
      ),
    ],
    bars: {
      title: "verifiers: CPU time for a token, beside one raw signature check (less is better)",
      bars: labels
        .filter((label) => !label.startsWith("raw"))
        .map((label) => ({
          label,
          ratios: ratiosOf(rates("raw crypto.verify"), rates(label)),
          ours: label.startsWith("ours"),
        })),
    },
  };
}
