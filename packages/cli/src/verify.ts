import { type Check, findingsOf } from "./check.js";
import { outsideChecks } from "./checks/index.js";
import { hostChecks, sessionChecks } from "./checks/session/index.js";
import { loginCheck } from "./checks/session/login.js";
import type { SessionSubject } from "./checks/session/subject.js";
import type { Finding } from "./finding.js";
import { hostVerdicts } from "./hosts.js";
import { Inspection } from "./inspection.js";
import { Login } from "./login/login.js";
import type { LoginMethod } from "./login/method.js";
import { printableMatrix, type ScopeMatrix } from "./matrix.js";
import { HostSession } from "./mcp/session.js";
import type { FetchLimits } from "./net/fetcher.js";
import { printable } from "./net/printable.js";
import { once } from "./once.js";
import { Chosen } from "./only.js";
import type { Report } from "./report.js";
import { unreachableFinding } from "./unreachable.js";

export interface VerifyOptions {
  /** The MCP endpoint, as users type it into their host. */
  readonly url: string;
  /** How to get a token. Left out: nothing that needs one is examined. */
  readonly login?: LoginMethod;
  /** Scopes to ask for at first, in place of what challenge and metadata name: fewer show what is refused. */
  readonly scopes?: readonly string[];
  /** Only log in and use the server as a host does, without the checks from outside. Default false. */
  readonly loginOnly?: boolean;
  /** Ids of the checks to carry out, such as `V5`. Default: all. What needs a token brings `V32` along. The verdicts on hosts need all of them. */
  readonly only?: readonly string[];
  /** Tools that may be called, with empty arguments, beside those that the server calls read-only. */
  readonly tools?: readonly string[];
  /** A token of another user, to see whether sessions are kept apart. */
  readonly secondToken?: string;
  /** Follow documents to private addresses. Link-local ones are refused all the same. Default false. */
  readonly allowPrivate?: boolean;
  /** Milliseconds that one request may take. Default 10000, as hosts allow. */
  readonly requestTimeout?: number;
  /** Milliseconds that the whole run may take; what was not examined by then is reported so. Default 120000. */
  readonly timeLimit?: number;
  /** Called before each check, for a progress display. */
  readonly onProgress?: (check: { readonly id: string; readonly title: string }) => void;
  /** Told the URL at which to log in. Default: standard error. */
  readonly say?: (line: string) => void;
}

const defaults = { requestTimeout: 10_000, timeLimit: 120_000, bytes: 1024 * 1024, redirects: 5 };
/** A person needs longer than a server. */
const timeLimitWithBrowser = 600_000;

/**
 * Examines the authorization of an MCP server as AI hosts do. From outside nothing on it is changed; with a
 * login the tools that the user named are called. A server that misbehaves is reported, never thrown.
 *
 * @throws TypeError when `url` is not an absolute http or https URL, or `only` names no check.
 */
export async function verify(options: VerifyOptions): Promise<Report> {
  requireHttpUrl(options.url);
  const chosen = new Chosen(options.only, [...outsideChecks, ...sessionChecks]);
  const inspection = new Inspection({
    url: options.url,
    allowPrivate: options.allowPrivate ?? false,
    limits: limitsOf(options),
    signal: AbortSignal.timeout(timeLimitOf(options)),
  });
  const startedAt = new Date();
  const started = performance.now();
  const unreachable = options.loginOnly === true ? undefined : await unreachableFinding(inspection);
  const findings: Finding[] = unreachable === undefined ? [] : [unreachable];
  const carryOut = async <Subject>(checks: readonly Check<Subject>[], subject: Subject): Promise<void> => {
    for (const check of checks) {
      options.onProgress?.(check);
      findings.push(...(await findingsOf(check, subject, inspection)));
    }
  };
  let matrix: ScopeMatrix | undefined;
  if (unreachable === undefined) {
    if (options.loginOnly !== true) await carryOut(chosen.among(outsideChecks), inspection);
    const subject = sessionSubject(inspection, options, (kept) => {
      matrix = printableMatrix(kept);
    });
    const checks = options.loginOnly === true ? hostChecks : sessionChecks;
    if (subject !== undefined) await carryOut(chosen.among(checks, loginCheck), subject);
  }
  return {
    url: printable(options.url),
    reached: unreachable === undefined,
    startedAt: startedAt.toISOString(),
    milliseconds: Math.round(performance.now() - started),
    findings,
    hosts: chosen.all ? hostVerdicts(findings, inspection.isLoopback) : [],
    steps: inspection.steps,
    ...(matrix === undefined ? {} : { matrix }),
  };
}

function sessionSubject(
  inspection: Inspection,
  { login, loginOnly, scopes, tools = [], secondToken, say }: VerifyOptions,
  keepMatrix: (matrix: ScopeMatrix) => void,
): SessionSubject | undefined {
  if (login === undefined) return undefined;
  if (secondToken !== undefined) inspection.secrets.add(secondToken);
  const print = say ?? ((line: string) => void process.stderr.write(`${printable(line, 2000)}\n`));
  const session = new HostSession(inspection, new Login(inspection, login, print), scopes);
  return {
    session,
    connect: once(() => session.connect()),
    tools,
    keepMatrix,
    thorough: loginOnly !== true,
    ...(secondToken === undefined ? {} : { secondToken }),
  };
}

function timeLimitOf({ timeLimit, login }: VerifyOptions): number {
  return timeLimit ?? (login?.kind === "browser" ? timeLimitWithBrowser : defaults.timeLimit);
}

function limitsOf({ requestTimeout }: VerifyOptions): FetchLimits {
  return {
    timeout: requestTimeout ?? defaults.requestTimeout,
    bytes: defaults.bytes,
    redirects: defaults.redirects,
  };
}

function requireHttpUrl(url: string): void {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw new TypeError(
      `url must be an absolute http or https URL such as https://mcp.example.com/mcp, not "${url}"`,
    );
  }
}
