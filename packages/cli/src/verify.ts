import { findingsOf } from "./check.js";
import { outsideChecks } from "./checks/index.js";
import type { Finding } from "./finding.js";
import { hostVerdicts } from "./hosts.js";
import { Inspection } from "./inspection.js";
import { summary } from "./net/answer.js";
import type { FetchLimits } from "./net/fetcher.js";
import { printable } from "./net/printable.js";
import type { Report } from "./report.js";

export interface VerifyOptions {
  /** The MCP endpoint, as users type it into their host. */
  readonly url: string;
  /** Follow documents to private addresses. Link-local ones are refused all the same. Default false. */
  readonly allowPrivate?: boolean;
  /** Milliseconds that one request may take. Default 10000, as hosts allow. */
  readonly requestTimeout?: number;
  /** Milliseconds that the whole run may take; what was not examined by then is reported so. Default 120000. */
  readonly timeLimit?: number;
  /** Called before each check, for a progress display. */
  readonly onProgress?: (check: { readonly id: string; readonly title: string }) => void;
}

const defaults = { requestTimeout: 10_000, timeLimit: 120_000, bytes: 1024 * 1024, redirects: 5 };

/**
 * Examines the authorization of an MCP server from outside, as AI hosts do, without changing anything on it.
 * A server that misbehaves is reported, never thrown.
 *
 * @throws TypeError when `url` is not an absolute http or https URL.
 */
export async function verify(options: VerifyOptions): Promise<Report> {
  requireHttpUrl(options.url);
  const deadline = AbortSignal.timeout(options.timeLimit ?? defaults.timeLimit);
  const inspection = new Inspection({
    url: options.url,
    allowPrivate: options.allowPrivate ?? false,
    limits: limitsOf(options),
    signal: deadline,
  });
  const startedAt = new Date();
  const started = performance.now();
  const unreachable = await unreachableFinding(inspection);
  const findings: Finding[] = [];
  if (unreachable !== undefined) findings.push(unreachable);
  else {
    for (const check of outsideChecks) {
      options.onProgress?.(check);
      findings.push(...(await findingsOf(check, inspection)));
    }
  }
  return {
    url: printable(options.url),
    reached: unreachable === undefined,
    startedAt: startedAt.toISOString(),
    milliseconds: Math.round(performance.now() - started),
    findings,
    hosts: hostVerdicts(findings, inspection.isLoopback),
    steps: inspection.steps,
  };
}

function limitsOf(options: VerifyOptions): FetchLimits {
  return {
    timeout: options.requestTimeout ?? defaults.requestTimeout,
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

/** The one finding about a server that answers nothing; undefined when it answers anything. */
async function unreachableFinding(inspection: Inspection): Promise<Finding | undefined> {
  const outcomes = await Promise.all([inspection.discover(), inspection.get()]);
  const [outcome] = outcomes;
  if (outcome === undefined || outcomes.some(({ kind }) => kind === "answer")) return undefined;
  const tls = outcome.kind === "failure" && outcome.reason === "tls";
  return {
    check: tls ? "V29" : "V2",
    title: tls ? "TLS is good and answers come in time" : "The server answers",
    outcome: "fail",
    code: tls ? "certificate-refused" : "unreachable",
    seen: printable(`${inspection.url.href}: ${summary(outcome)}`),
    why: tls
      ? "Hosts check the certificate and give up."
      : "A host that gets no answer shows an error and no login.",
    change: tls
      ? `Serve a certificate that is valid for ${inspection.url.hostname}, with its whole chain`
      : "Start the server, and check the name, the port and what stands in front of it",
    section: tls ? "RFC 9728 §7.1" : "MCP Streamable HTTP",
  };
}
