import type { Check } from "../../check.js";
import { examined, skipped } from "../../finding.js";
import { type Outcome, succeeded } from "../../net/answer.js";
import type { InsideSubject } from "../subject.js";
import { takesTokens } from "./good-token.js";

export const goodTokenElsewhereCheck: Check<InsideSubject> = {
  id: "I5",
  title: "A good token is taken from the Authorization header and from nowhere else",
  section: "MCP authorization, Token Requirements; RFC 6750 §2.2, §2.3",
  async examine(subject) {
    if (!(await takesTokens(subject))) return skipped("good tokens are refused");
    const { session, mint } = subject;
    const { inspection } = session;
    const { headers, body } = session.request({ method: "tools/list" });
    const token = mint.token();
    const post = (url: string, extra: readonly (readonly [string, string])[] = []): Promise<Outcome> =>
      inspection.fetch({ method: "POST", url, headers: [...headers, ...extra], body });
    const inQuery = new URL(inspection.url);
    inQuery.searchParams.set("access_token", token);
    const outcomes: readonly (readonly [string, Outcome])[] = [
      ["the query", await post(inQuery.href)],
      ["a cookie", await post(inspection.url.href, [["Cookie", `access_token=${token}; token=${token}`]])],
      ["X-Access-Token", await post(inspection.url.href, [["X-Access-Token", token]])],
      ["the Basic password", await post(inspection.url.href, [["Authorization", basic(token)]])],
    ];
    const read = outcomes.filter(([, outcome]) => succeeded(outcome)).map(([place]) => place);
    return examined(
      `${outcomes.length} other places`,
      read.length > 0 && {
        code: "inside-token-read-elsewhere",
        severity: "fail",
        seen: `a good token was taken from ${read.join(", ")}`,
        why: "Tokens in URLs and cookies leak into logs and are sent by pages of other origins.",
        change: "Read the token from `Authorization: Bearer` only",
      },
    );
  },
};

function basic(token: string): string {
  return `Basic ${Buffer.from(`x:${token}`).toString("base64")}`;
}
