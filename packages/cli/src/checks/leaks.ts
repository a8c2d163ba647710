import { bearerOf, parameterOf, parseChallenges } from "../challenge/strict.js";
import type { Check } from "../check.js";
import { examined, skipped } from "../finding.js";
import { type Answer, header } from "../net/answer.js";
import { tryBadTokens } from "./bad-tokens.js";

const stack = /\n\s+at .+[:(]\d+|node_modules|Traceback \(most recent call last\)|\.(?:ts|js|mjs|py|go):\d+/;
const library =
  /\b(?:jose|jsonwebtoken|PyJWT|JsonWebTokenError|TokenExpiredError|JWS\w*Error|JWT\w*(?:Error|Failed|Expired|Invalid)|ERR_J\w+)\b/;
const reason =
  /signature verification failed|jwt expired|invalid signature|jwt malformed|unexpected "\w+" claim|audience (?:invalid|mismatch)|issuer (?:invalid|mismatch)|"exp" claim/i;

export const leaksCheck: Check = {
  id: "V30",
  title: "A refusal tells an attacker nothing",
  section: "MCP authorization, security considerations; RFC 6750 §5",
  async examine(inspection) {
    const tried = await tryBadTokens(inspection);
    const answers = [await inspection.discover(), ...tried.map(({ answer }) => answer)].filter(
      (outcome) => outcome.kind === "answer",
    );
    const refusals = answers.filter(({ status }) => status >= 400);
    if (refusals.length === 0) return skipped("no refusal to read");
    const texts = refusals.map((answer) => `${header(answer, "www-authenticate") ?? ""}\n${answer.body}`);
    const leak = texts
      .map((text) => (stack.exec(text) ?? library.exec(text) ?? reason.exec(text))?.[0])
      .find(Boolean);
    // An empty token is malformed, which may be said; what was wrong with a token may not.
    const descriptions = new Set(
      tried
        .filter(({ name, answer }) => name !== "an empty token" && answer.status === 401)
        .map(({ answer }) => description(answer)),
    );
    const powered = refusals.map((answer) => header(answer, "x-powered-by")).find(Boolean);
    return examined(
      "generic messages",
      leak !== undefined && {
        code: "refusal-leaks-detail",
        severity: "warn",
        seen: `a refusal contains: ${leak.trim()}`,
        why: "It names what runs inside, or which check of the token failed.",
        change:
          'One fixed message for every bad token: error_description="The access token is invalid or expired"; keep the detail in the log',
      },
      leak === undefined &&
        descriptions.size > 1 && {
          code: "refusal-differs-by-fault",
          severity: "warn",
          seen: `${descriptions.size} different descriptions: ${[...descriptions].join(" | ")}`,
          why: "An attacker learns which check a forged token has passed already.",
          change:
            'One fixed message for every bad token: error_description="The access token is invalid or expired"',
        },
      powered !== undefined && {
        code: "powered-by",
        severity: "info",
        seen: `X-Powered-By: ${powered}`,
        why: "It tells attackers which framework's defects to try.",
        change: "Switch the header off (Express: app.disable('x-powered-by'))",
      },
    );
  },
};

function description(answer: Answer): string | undefined {
  const parsed = parseChallenges(header(answer, "www-authenticate") ?? "");
  return parsed.ok ? parameterOf(bearerOf(parsed.challenges), "error_description") : undefined;
}
