import { type WrongTokenName, wrongTokens } from "@mcp-authz/testing";
import type { Check } from "../../check.js";
import { examined, type Problem, skipped } from "../../finding.js";
import { isSuccess, type Outcome, succeeded } from "../../net/answer.js";
import type { InsideSubject } from "../subject.js";
import { takesTokens } from "./good-token.js";
import { wrongTokenAdvice } from "./wrong-token-advice.js";

interface Tried {
  readonly name: WrongTokenName;
  readonly outcome: Outcome;
}

export const wrongTokensCheck: Check<InsideSubject> = {
  id: "I2",
  title: "No wrong token is let in",
  section: "RFC 8725 §3; RFC 9068 §4; MCP authorization, Token Handling",
  async examine(subject) {
    if (!(await takesTokens(subject))) return skipped("good tokens are refused");
    const tried: Tried[] = [];
    for (const name of Object.keys(wrongTokens) as WrongTokenName[]) {
      const token = made(subject, name);
      // A token with characters that a header cannot carry never reaches the app.
      if (token === undefined || !/^[\x21-\x7e]+$/.test(token)) continue;
      tried.push({ name, outcome: await subject.session.probe({ method: "tools/list" }, { token }) });
    }
    const forbidden = subject.mint.fetches.forbidden;
    return examined(
      `${tried.length} wrong tokens`,
      ...acceptedProblems(tried),
      statusProblem(tried),
      forbidden > 0 && {
        code: "token-made-us-fetch",
        severity: "fail",
        seen: `${forbidden} requests to a URL that only a wrong token names`,
        why: "Whoever sends a token decides which keys it is checked with, and what the app fetches.",
        change: "Ignore jku and x5u; take keys from the issuer's own jwks_uri only",
        section: "RFC 8725 §3.10",
      },
    );
  },
};

/**
 * The token, unless this mint cannot make it (keys that it does not publish), or it is no wrong one: other
 * spellings of an audience that is no URL may be the audience itself.
 */
function made({ mint }: InsideSubject, name: WrongTokenName): string | undefined {
  try {
    const token = mint.wrong(name);
    return name.startsWith("audience") && audienceOf(token) === mint.audience ? undefined : token;
  } catch {
    return undefined;
  }
}

function audienceOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")).aud;
}

/** One problem for each sentence of a standard that the app breaks. */
function acceptedProblems(tried: readonly Tried[]): readonly Problem[] {
  const accepted = tried.filter(({ outcome }) => succeeded(outcome));
  const rules = [...new Set(accepted.map(({ name }) => wrongTokens[name].why))];
  return rules.map((rule) => {
    const titles = accepted.map(({ name }) => wrongTokens[name]).filter(({ why }) => why === rule);
    return {
      code: "inside-wrong-token-accepted",
      severity: "fail",
      seen: `accepted: ${titles.map(({ title }) => title).join("; ")}`,
      why: "Each is a token that somebody can make, or that was made for something else.",
      change: wrongTokenAdvice(rule),
      section: rule.slice(0, rule.indexOf(": ")),
    };
  });
}

function statusProblem(tried: readonly Tried[]): Problem | undefined {
  const odd = tried.filter(
    ({ outcome }) =>
      outcome.kind === "failure" || (!isSuccess(outcome) && ![400, 401, 431].includes(outcome.status)),
  );
  if (odd.length === 0) return undefined;
  const names = odd.map(({ name, outcome }) => {
    const answer = outcome.kind === "failure" ? outcome.reason : outcome.status;
    return `${wrongTokens[name].title}: ${answer}`;
  });
  return {
    code: "inside-wrong-token-not-401",
    severity: "fail",
    seen: names.join("; "),
    why: "A client that gets anything but 401 does not renew its token; a 500 shows that the verifier crashed.",
    change:
      'Catch what verification throws, unreachable keys aside (those are 503), and answer 401 with error="invalid_token"',
    section: "RFC 6750 §3.1",
  };
}
