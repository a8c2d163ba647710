import { looselyParsed } from "../challenge/loose.js";
import { bearerOf, type Challenge, parameterOf, parseChallenges } from "../challenge/strict.js";
import type { Check } from "../check.js";
import { examined, type Problem, skipped } from "../finding.js";
import type { Inspection } from "../inspection.js";
import { headerValues } from "../net/answer.js";
import { challengeAdvice } from "./advice.js";

export const challengeGrammarCheck: Check = {
  id: "V6",
  title: "The challenge reads the same for a strict parser and for the SDK clients",
  section: "RFC 9110 §11.6.1; RFC 6750 §3",
  async examine(inspection) {
    const outcomes = [await inspection.discover(), await inspection.initialize(), await inspection.get()];
    const refused = outcomes
      .filter((outcome) => outcome.kind === "answer")
      .filter(({ status }) => status === 401);
    const [first] = refused;
    if (first === undefined) return skipped("no 401 to read a challenge from");
    const lines = refused.map((answer) => headerValues(answer, "www-authenticate"));
    const longest = lines.toSorted((a, b) => b.length - a.length)[0] ?? [];
    const advice = `Send exactly one line: ${await challengeAdvice(inspection)}`;
    if (lines.some((line) => line.length === 0)) {
      return examined("", {
        code: "challenge-missing",
        severity: "fail",
        seen: "a 401 without WWW-Authenticate",
        why: "A 401 must say how to authenticate; hosts that get none fail silently.",
        change: advice,
      });
    }
    const texts = [...new Set(lines.map((line) => line.join(", ")))];
    const problems = texts.flatMap((text) => problemsOf(text, advice, inspection));
    return examined(
      texts.join(" | "),
      longest.length > 1 && {
        code: "challenge-several-lines",
        severity: "warn",
        seen: `${longest.length} WWW-Authenticate lines: ${longest.join(" | ")}`,
        why: "Some clients read one line only.",
        change: advice,
      },
      ...problems.filter(
        (problem, index) => problems.findIndex(({ code }) => code === problem.code) === index,
      ),
    );
  },
};

function problemsOf(text: string, advice: string, { resource }: Inspection): readonly Problem[] {
  const parsed = parseChallenges(text);
  const seen = `WWW-Authenticate: ${text}`;
  const problem = (code: string, why: string, note = "", change = advice): Problem => ({
    code,
    severity: "fail",
    seen: note === "" ? seen : `${seen} (${note})`,
    why,
    change,
  });
  if (!parsed.ok) {
    const why = "Clients that parse by the standard drop the whole header.";
    return [problem("challenge-malformed", why, `${parsed.problem} at character ${parsed.at}`)];
  }
  const bearer = bearerOf(parsed.challenges);
  if (bearer === undefined) {
    return [problem("challenge-not-bearer", "MCP clients know the Bearer scheme only.")];
  }
  const problems: Problem[] = [];
  if (parsed.challenges[0] !== bearer) {
    const why = "The SDK clients look at the first scheme only and see no Bearer challenge at all.";
    problems.push(problem("challenge-bearer-not-first", why));
  }
  if (bearer.parameters.length === 0) {
    problems.push(problem("challenge-bare", "Bearer must be followed by at least one parameter."));
  }
  const twice = repeated(bearer);
  if (twice !== undefined) {
    problems.push(
      problem("challenge-duplicate-parameter", "Clients disagree on which one counts.", `${twice} twice`),
    );
  }
  const difference = parsed.challenges[0] === bearer ? looseDifference(text, bearer) : undefined;
  if (difference !== undefined) {
    const why = `The SDK clients search the text without parsing it, so for ${resource} they use another value than is meant.`;
    const change = `${advice} (resource_metadata, scope and error before any free text; no quotes, backslashes or name= in values; one space after Bearer)`;
    problems.push(problem("challenge-misread-by-sdk", why, difference, change));
  }
  return problems;
}

function repeated(bearer: Challenge): string | undefined {
  const names = bearer.parameters.map(({ name }) => name);
  return names.find((name, index) => names.indexOf(name) !== index);
}

function looseDifference(text: string, bearer: Challenge): string | undefined {
  const loose = looselyParsed(text);
  if (loose === undefined)
    return bearer.parameters.length === 0 ? undefined : "the SDK clients see no challenge";
  for (const name of ["resource_metadata", "scope", "error"] as const) {
    const strict = parameterOf(bearer, name);
    if (name === "resource_metadata" && strict !== undefined && !URL.canParse(strict)) continue;
    if (strict !== loose[name]) {
      return `${name} is ${JSON.stringify(strict)}, the SDK clients read ${JSON.stringify(loose[name])}`;
    }
  }
  return undefined;
}
