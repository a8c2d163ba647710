import type { Check } from "../../check.js";
import { examined, skipped } from "../../finding.js";
import type { HostSession } from "../../mcp/session.js";
import { type HeaderLines, type Outcome, succeeded, summary } from "../../net/answer.js";
import type { SessionSubject } from "./subject.js";

const list = { method: "tools/list" };

export const credentialChecks: readonly Check<SessionSubject>[] = [
  {
    id: "V22",
    title: "The scheme is read without regard to case",
    section: "RFC 9110 §11.1",
    async examine({ session }) {
      const token = session.grant?.token;
      if (token === undefined || !succeeded(await session.probe(list))) return skipped("no token that works");
      const outcome = await raw(session, [["Authorization", `bearer ${token}`]]);
      return examined(
        `bearer: ${summary(outcome)}`,
        !succeeded(outcome) && {
          code: "scheme-case-sensitive",
          severity: "warn",
          seen: `Authorization: bearer <good token>: ${summary(outcome)}`,
          why: "Some clients and proxies write the scheme in lower case; they are locked out.",
          change: "Compare the scheme without regard to case: /^Bearer +([A-Za-z0-9\\-._~+/]+=*)$/i",
        },
      );
    },
  },
  {
    id: "V21",
    title: "A good token beside another set of credentials is refused",
    section: "RFC 6750 §3.1; RFC 9110 §5.3",
    async examine({ session }) {
      const token = session.grant?.token;
      if (token === undefined || !succeeded(await session.probe(list))) return skipped("no token that works");
      const outcomes: readonly (readonly [string, Outcome])[] = [
        ["Bearer good Bearer junk", await raw(session, [["Authorization", `Bearer ${token} Bearer junk`]])],
        ["Bearer good, Bearer junk", await raw(session, [["Authorization", `Bearer ${token}, Bearer junk`]])],
        [
          "two lines",
          await raw(session, [
            ["Authorization", `Bearer ${token}`],
            ["Authorization", "Bearer junk"],
          ]),
        ],
      ];
      const accepted = outcomes.filter(([, outcome]) => succeeded(outcome)).map(([name]) => name);
      return examined(
        outcomes.map(([name, outcome]) => `${name}: ${summary(outcome)}`).join("; "),
        accepted.length > 0 && {
          code: "sloppy-credentials",
          severity: "fail",
          seen: `accepted: ${accepted.join("; ")}`,
          why: "What stands in front of the server and the server itself may each look at another token.",
          change:
            "Accept exactly one Authorization line that holds exactly one token; anything else is 400 or 401",
        },
      );
    },
  },
];

function raw(session: HostSession, authorization: HeaderLines): Promise<Outcome> {
  const { headers, body } = session.request(list);
  const { inspection } = session;
  return inspection.raw({
    method: "POST",
    target: inspection.target,
    headers: [...headers, ...authorization],
    body,
  });
}
