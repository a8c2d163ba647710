import { badTokens } from "../bad-token.js";
import { bearerOf, parameterOf, parseChallenges } from "../challenge/strict.js";
import type { Check } from "../check.js";
import { examined, type Problem, skipped } from "../finding.js";
import type { Inspection } from "../inspection.js";
import { modernRequest } from "../mcp/message.js";
import { type Answer, header, isSuccess, summary } from "../net/answer.js";
import { challengeAdvice } from "./advice.js";

interface Tried {
  readonly name: string;
  readonly answer: Answer;
  readonly error: string | undefined;
  readonly metadata: string | undefined;
}

const asked = new WeakMap<Inspection, Promise<readonly Tried[]>>();

/** Sends every bad token once per inspection; answers that never came are left out. */
export function tryBadTokens(inspection: Inspection): Promise<readonly Tried[]> {
  const tried = asked.get(inspection) ?? sendBadTokens(inspection);
  asked.set(inspection, tried);
  return tried;
}

async function sendBadTokens(inspection: Inspection): Promise<readonly Tried[]> {
  const [server] = (await inspection.metadata()).chosen?.found?.authorizationServers ?? [];
  const tokens = [
    ...badTokens(inspection.resource, server ?? inspection.url.origin),
    { name: "an empty token", token: "" },
  ];
  const tried: Tried[] = [];
  for (const { name, token } of tokens) {
    const request = modernRequest({ method: "server/discover" });
    const answer = await inspection.post(request, [["Authorization", `Bearer ${token}`]]);
    if (answer.kind === "failure") continue;
    const parsed = parseChallenges(header(answer, "www-authenticate") ?? "");
    const bearer = parsed.ok ? bearerOf(parsed.challenges) : undefined;
    const metadata = parameterOf(bearer, "resource_metadata");
    tried.push({ name, answer, error: parameterOf(bearer, "error"), metadata });
  }
  return tried;
}

export const badTokensCheck: Check = {
  id: "V5",
  title: 'A bad token is answered 401 with error="invalid_token" and a complete challenge',
  section: "RFC 6750 §3.1; MCP authorization, Token Handling",
  async examine(inspection) {
    const tried = await tryBadTokens(inspection);
    if (tried.length === 0) return skipped("no answer to a request with a token");
    const advice = await challengeAdvice(
      inspection,
      ', error="invalid_token", error_description="The access token is invalid or expired"',
    );
    const refused = tried.filter(({ answer }) => answer.status === 401);
    const named = (await inspection.challengeText())?.includes("resource_metadata") ?? false;
    return examined(
      tried.map(({ name, answer }) => `${name}: ${answer.status}`).join("; "),
      accepted(tried),
      notRefused(tried, advice),
      problemOf(
        refused.filter(({ error, name }) => error === undefined && name !== "an empty token"),
        {
          code: "bad-token-without-error",
          severity: "warn",
          why: "A client cannot tell an expired token from a missing one, so it does not know that a refresh would help.",
          change: `When a token was sent and refused, answer 401 with ${advice}`,
        },
      ),
      named &&
        problemOf(
          refused.filter(({ metadata }) => metadata === undefined),
          {
            code: "bad-token-without-metadata-url",
            severity: "fail",
            why: "A client whose token expired is not told where to get another; hosts drop the connection.",
            change: `Send the same challenge for every 401: ${advice}`,
          },
        ),
    );
  },
};

function problemOf(tried: readonly Tried[], problem: Omit<Problem, "seen">): Problem | undefined {
  if (tried.length === 0) return undefined;
  const answers = tried.map(({ answer }) => header(answer, "www-authenticate") ?? summary(answer));
  const seen = [...new Set(answers)].map((text) => {
    const names = tried.filter((_, at) => answers[at] === text).map(({ name }) => name);
    return `${names.join(", ")}: ${text}`;
  });
  return { ...problem, seen: seen.join("; ") };
}

function accepted(tried: readonly Tried[]): Problem | undefined {
  return problemOf(
    tried.filter(({ answer }) => isSuccess(answer)),
    {
      code: "bad-token-accepted",
      severity: "fail",
      why: "Whoever can make such a token, and that is anyone, is let in.",
      change:
        "Verify signature, algorithm (an allow-list of RS256, PS256, ES256, EdDSA), issuer, audience and expiry of every token before the MCP handler runs",
      section: "RFC 8725 §3.1; RFC 9068 §4",
    },
  );
}

function notRefused(tried: readonly Tried[], advice: string): Problem | undefined {
  const other = tried.filter(({ answer, name }) => {
    // An empty token may be called malformed (RFC 6750 §3.1).
    if (name === "an empty token" && answer.status === 400) return false;
    return answer.status !== 401 && !isSuccess(answer);
  });
  const outage = other.length > 0 && other.every(({ answer }) => answer.status === 503);
  return problemOf(other, {
    code: outage ? "keys-unavailable" : "bad-token-not-401",
    severity: outage ? "warn" : "fail",
    why: outage
      ? "The server cannot check tokens now: its keys or its introspection endpoint do not answer."
      : "Hosts renew a token on 401 alone; another status, a 500 above all, leaves users with a dead connection.",
    change: outage
      ? "Make the authorization server's keys (jwks_uri) reachable from the server"
      : `Catch what verification throws, unreachable keys aside (those are 503), and answer 401 with ${advice}`,
  });
}
