import type { Check } from "../check.js";
import { examined, skipped } from "../finding.js";
import { modernRequest } from "../mcp/message.js";
import type { HeaderLines, Outcome } from "../net/answer.js";

const evil = "evil.example";

/** Header sets with which a caller, or a careless proxy, claims another public name. */
const spoofs: readonly { readonly name: string; readonly headers: HeaderLines }[] = [
  { name: "Host", headers: [["Host", evil]] },
  {
    name: "X-Forwarded-Host",
    headers: [
      ["X-Forwarded-Host", evil],
      ["X-Forwarded-Proto", "http"],
    ],
  },
  { name: "Forwarded", headers: [["Forwarded", `host=${evil};proto=http`]] },
  {
    name: "X-Forwarded-Host",
    headers: [["X-Forwarded-Host", `${evil}", error="insufficient_scope", scope="admin`]],
  },
  {
    name: "X-Forwarded-Prefix",
    headers: [
      ["X-Forwarded-Prefix", `/${evil}`],
      ["X-Original-URL", `/${evil}`],
    ],
  },
];

export const hostSpoofingCheck: Check = {
  id: "V14",
  title: "Nothing that a caller sends changes the published URLs",
  section: "RFC 9728 §7.3; RFC 9110 §7.2",
  async examine(inspection) {
    const url = (await inspection.metadata()).chosen?.url;
    const sameOrigin = url !== undefined && new URL(url).origin === inspection.url.origin;
    const path = sameOrigin ? new URL(url).pathname : undefined;
    const reflected = new Set<string>();
    let answers = 0;
    for (const { name, headers } of spoofs) {
      const request = modernRequest({ method: "server/discover" });
      const outcomes = [
        await inspection.raw({
          method: "POST",
          target: inspection.target,
          headers: [...headers, ...request.headers],
          body: request.body,
        }),
        ...(path === undefined ? [] : [await inspection.raw({ method: "GET", target: path, headers })]),
      ];
      answers += outcomes.filter(({ kind }) => kind === "answer").length;
      if (outcomes.some(reflects)) reflected.add(name);
    }
    if (answers === 0) return skipped("no answer over a plain socket");
    return examined(
      "challenge and metadata stay as they are",
      reflected.size > 0 && {
        code: "host-reflected",
        severity: "fail",
        seen: `${[...reflected].join(", ")} appears in the challenge or in the metadata`,
        why: "Whoever sets this header, a cache or an attacker, sends users to another authorization server.",
        change: `Build every URL from one configured constant, ${inspection.resource}, never from the request`,
      },
    );
  },
};

/** Whether the false name comes back in a place that a client believes. */
function reflects(outcome: Outcome): boolean {
  if (outcome.kind === "failure") return false;
  if (outcome.status !== 401 && outcome.status !== 200) return false;
  const challenge = outcome.headers.filter(([name]) => name.toLowerCase() === "www-authenticate");
  return `${challenge.flat().join(" ")} ${outcome.body}`.includes(evil);
}
