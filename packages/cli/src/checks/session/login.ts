import type { Check } from "../../check.js";
import { examined, type Problem } from "../../finding.js";
import type { Grant } from "../../login/grant.js";
import { type Answer, header, type Outcome, stringsOf, summary } from "../../net/answer.js";
import { decodedToken, type JsonObject } from "./decoded-token.js";
import type { SessionSubject } from "./subject.js";

/** Tokens that live longer than this are a risk when they leak (MCP security considerations, Token Theft). */
const longLived = 24 * 3600;

export const loginCheck: Check<SessionSubject> = {
  id: "V32",
  title: "A host can log in and gets a token for this server alone",
  section: "MCP authorization; RFC 8707 §2; RFC 9207 §2",
  async examine({ session, connect }) {
    const outcome = await connect();
    const { grant } = session;
    const connected = outcome.kind === "answer" && outcome.status !== 401 && outcome.status !== 403;
    return examined(
      grant === undefined ? summary(outcome) : seenOf(grant, session.era),
      !connected && (grant === undefined ? notStarted(outcome) : refused(outcome, grant)),
      ...(grant === undefined ? [] : tokenProblems(grant)),
    );
  },
};

function notStarted(outcome: Outcome): Problem {
  return {
    code: "login-not-started",
    severity: "fail",
    seen: `without a token: ${summary(outcome)}`,
    why: "Hosts start their login on 401 alone.",
    change: "Answer requests without a token 401, with a challenge that names the metadata",
    section: "RFC 9110 §15.5.2",
  };
}

function refused(outcome: Outcome, { issuer, resource }: Grant): Problem {
  return {
    code: "token-refused",
    severity: "fail",
    seen: `after the login: ${summary(outcome)}`,
    why:
      issuer === undefined
        ? "The server does not accept the token that was given."
        : "The server does not accept the token that its own authorization server has just issued.",
    change: `Check what the server compares: issuer${issuer === undefined ? "" : ` "${issuer}"`}, audience "${resource}", and the scopes of basic use`,
  };
}

function seenOf({ issuer, scopes, clientBy }: Grant, era: string): string {
  return `token of ${issuer ?? "elsewhere"}, scopes: ${scopes.join(" ") || "not said"}, client: ${clientBy ?? "none"}, era: ${era}`;
}

function tokenProblems(grant: Grant): readonly (Problem | false | undefined)[] {
  const { response } = grant;
  const { header: head, claims } = decodedToken(grant.token) ?? {};
  const audience = typeof claims?.aud === "string" ? [claims.aud] : stringsOf(claims?.aud);
  return [
    claims !== undefined &&
      grant.issuer !== undefined &&
      audience?.includes(grant.resource) !== true && {
        code: "audience-not-the-resource",
        severity: "fail",
        seen: `aud ${JSON.stringify(claims.aud)}, resource "${grant.resource}"`,
        why: "A token that names another audience can be used elsewhere, or another server's token here.",
        change: `Register ${grant.resource} at the authorization server as this server's identifier, so that aud is exactly it`,
        section: "RFC 8707 §2; RFC 9068 §3",
      },
    head !== undefined && typProblem(head),
    response !== undefined && cacheProblem(response),
    grant.expiresIn !== undefined &&
      grant.expiresIn > longLived && {
        code: "token-lives-long",
        severity: "warn",
        seen: `expires_in ${grant.expiresIn} seconds`,
        why: "A stolen token works until it ends.",
        change: "Set the access token lifetime to an hour or less (Scalekit: 300 to 3600 seconds)",
        section: "MCP authorization, Token Theft",
      },
    grant.requested.length > 0 && scopeProblem(grant),
  ];
}

function typProblem(head: JsonObject): Problem | false {
  const typ = String(head.typ ?? "").toLowerCase();
  return (
    typ !== "at+jwt" &&
    typ !== "application/at+jwt" && {
      code: "token-type-not-at-jwt",
      severity: "info",
      seen: `typ ${JSON.stringify(head.typ)}`,
      why: "Without typ at+jwt an access token cannot be told from an ID token.",
      change: "Let the authorization server issue access tokens by RFC 9068",
      section: "RFC 9068 §2.1",
    }
  );
}

function cacheProblem(response: Answer): Problem | false {
  const cache = header(response, "cache-control") ?? "none";
  return (
    !/no-store/i.test(cache) && {
      code: "token-response-may-be-cached",
      severity: "warn",
      seen: `Cache-Control: ${cache}`,
      why: "A cache on the way may keep the token.",
      change: "Cache-Control: no-store on token responses",
      section: "RFC 6749 §5.1",
    }
  );
}

function scopeProblem({ requested, scopes }: Grant): Problem | false {
  const missing = requested.filter((scope) => scope !== "offline_access" && !scopes.includes(scope));
  return (
    missing.length > 0 && {
      code: "scopes-not-granted",
      severity: "info",
      seen: `asked for ${requested.join(" ")}, granted ${scopes.join(" ")}`,
      why: "The user or the authorization server has granted less; tools that need the rest will be refused.",
      change: `Allow ${missing.join(" ")} for this client, or do not ask for it in the challenge`,
      section: "RFC 6749 §5.1",
    }
  );
}
