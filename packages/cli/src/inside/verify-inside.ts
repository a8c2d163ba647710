import { createTokenMint, type TokenMint } from "@mcp-authz/testing";
import { type Check, findingsOf } from "../check.js";
import { outsideChecks } from "../checks/index.js";
import { credentialChecks } from "../checks/session/credentials.js";
import { mirroredHeadersCheck } from "../checks/session/mirrored-headers.js";
import { repetitionCheck } from "../checks/session/repetition.js";
import type { Finding } from "../finding.js";
import { hostVerdicts } from "../hosts.js";
import { Inspection } from "../inspection.js";
import { Login } from "../login/login.js";
import { printableMatrix, type ScopeMatrix } from "../matrix.js";
import { HostSession, refusalOf } from "../mcp/session.js";
import { once } from "../once.js";
import { Chosen } from "../only.js";
import type { Report } from "../report.js";
import { type AppSource, environmentFor, type InsideApp, scalekitResourceId } from "./app.js";
import { goodTokenCheck, outageCheck, rotationCheck, takesTokens } from "./checks/good-token.js";
import { goodTokenElsewhereCheck } from "./checks/token-places.js";
import { toolScopesCheck } from "./checks/tool-scopes.js";
import { wrongTokensCheck } from "./checks/wrong-tokens.js";
import { scopedMint } from "./scoped-mint.js";
import { freePort, startApp } from "./start.js";
import type { InsideSubject, ToolScopes } from "./subject.js";

export type VerifyInsideOptions = AppSource & {
  /** What each tool needs. Tools are called with empty arguments. */
  readonly tools?: ToolScopes;
  /** Which scope brings which others with it. Default: as in the options. */
  readonly implies?: ToolScopes;
  /** What `aud` of the app's tokens must be. Default: the resource; where that is refused, Scalekit's resource id. */
  readonly audience?: string;
  /** Path of the MCP endpoint. Default: that of the options' resource, else `/mcp`. */
  readonly path?: string;
  /** Ids of the checks to carry out, such as `I2`. Default: all. What needs a token brings `I1` along. The verdicts on hosts need all of them. */
  readonly only?: readonly string[];
  /** Milliseconds that the app may leave between two requests for keys. Default 31000: jose leaves 30 seconds. */
  readonly keyCooldown?: number;
  /** Milliseconds that the whole run may take. Default 120000. */
  readonly timeLimit?: number;
  readonly onProgress?: (check: { readonly id: string; readonly title: string }) => void;
};

/** One of each kind of key makes every wrong token. RSA keys take long to make, so there is no second one. */
const algorithms = ["RS256", "ES256", "EdDSA"] as const;

/** The mint is no place to log in, so what concerns its authorization endpoint is left out. */
const aboutAuthorizationServer = ["V15", "V16", "V17"];
const checksFromOutside = outsideChecks.filter(({ id }) => !aboutAuthorizationServer.includes(id));

const insideChecks: readonly Check<InsideSubject>[] = [
  goodTokenCheck,
  wrongTokensCheck,
  goodTokenElsewhereCheck,
  ...credentialChecks,
  mirroredHeadersCheck,
  repetitionCheck,
  toolScopesCheck,
  rotationCheck,
  outageCheck,
];

/**
 * Examines an app from inside: a token mint stands in for its authorization server, so that every wrong token can
 * be made, keys can be rotated and the key server can fail. Everything runs on loopback.
 *
 * @throws AppNotStarted when the app does not come up.
 * @throws TypeError when `only` names no check.
 *
 * @example
 * assertPassed(await verifyInside({ command: "node dist/server.js", tools: { create_todo: "todo:write" } }));
 */
export async function verifyInside(options: VerifyInsideOptions): Promise<Report> {
  const chosen = new Chosen(options.only, [...checksFromOutside, ...insideChecks]);
  const startedAt = new Date();
  const started = performance.now();
  const signal = AbortSignal.timeout(options.timeLimit ?? 120_000);
  return withApp(options, signal, audiencesOf(options), async (subject) => {
    const { inspection } = subject.session;
    const findings: Finding[] = [];
    const carryOut = async <Subject>(checks: readonly Check<Subject>[], on: Subject): Promise<void> => {
      for (const check of checks) {
        options.onProgress?.(check);
        findings.push(...(await findingsOf(check, on, inspection)));
      }
    };
    let matrix: ScopeMatrix | undefined;
    const keepMatrix = (kept: ScopeMatrix): void => {
      matrix = printableMatrix(kept);
    };
    await carryOut(chosen.among(checksFromOutside), inspection);
    await carryOut(chosen.among(insideChecks, goodTokenCheck), { ...subject, keepMatrix });
    return {
      url: inspection.typed,
      reached: true,
      startedAt: startedAt.toISOString(),
      milliseconds: Math.round(performance.now() - started),
      findings,
      hosts: chosen.all ? hostVerdicts(findings, true) : [],
      steps: inspection.steps,
      ...(matrix === undefined ? {} : { matrix }),
    };
  });
}

/** How the audience of the app's tokens is named: by the resource, whatever its port, or by a fixed name. */
type Audience = { readonly fixed: string } | "resource";

/** The audiences to try, in turn, until the app takes a token. */
function audiencesOf(options: VerifyInsideOptions): readonly Audience[] {
  if (options.audience !== undefined) return [{ fixed: options.audience }];
  return "options" in options ? ["resource"] : ["resource", { fixed: scalekitResourceId }];
}

/** Starts mint and app, hands them over, and ends both whatever happens. */
async function withApp<T>(
  options: VerifyInsideOptions,
  signal: AbortSignal,
  [audience = "resource", ...others]: readonly Audience[],
  examine: (subject: InsideSubject) => Promise<T>,
): Promise<T> {
  const port = await freePort();
  const path = options.path ?? ("options" in options ? new URL(options.options.resource).pathname : "/mcp");
  // A name with letters, so that a wrong spelling of it is another name.
  const resource = `http://localhost:${port}${path === "/" ? "" : path}`;
  const mint = await createTokenMint({
    audience: audience === "resource" ? resource : audience.fixed,
    algorithms,
  });
  try {
    const app = await startApp(options, environmentFor(mint, resource, port));
    try {
      const subject = await subjectFor(options, mint, app, resource, signal, audience);
      // Nothing is tried where there is no choice: a token that works would tell the app the keys.
      if (others.length === 0 || (await takesTokens(subject))) return await examine(subject);
    } finally {
      await app.close();
    }
  } finally {
    await mint.close();
  }
  return withApp(options, signal, others, examine);
}

async function subjectFor(
  options: VerifyInsideOptions,
  unscoped: TokenMint,
  app: InsideApp,
  url: string,
  signal: AbortSignal,
  audience: Audience,
): Promise<InsideSubject> {
  const limits = { timeout: 10_000, bytes: 1024 * 1024, redirects: 5 };
  const inspection = new Inspection({ url, allowPrivate: false, limits, signal });
  const discovered = await inspection.discover();
  const challenged = discovered.kind === "answer" ? refusalOf(discovered).scope : undefined;
  const supported = (await inspection.metadata()).chosen?.found?.scopes;
  const baseline = challenged ?? supported?.join(" ") ?? "todo:read";
  const mint = scopedMint(unscoped, baseline);
  const token = mint.token();
  const session = new HostSession(
    inspection,
    new Login(inspection, { kind: "token", token }, () => undefined),
  );
  return {
    session,
    connect: once(() => session.connect()),
    tools: [],
    thorough: true,
    secondToken: mint.token({ sub: "mcp-authz-other-user" }),
    keepMatrix: () => undefined,
    mint,
    baseline,
    expected: options.tools ?? {},
    implies: options.implies ?? ("options" in options ? (options.options.implies ?? {}) : {}),
    keyCooldown: options.keyCooldown ?? 31_000,
    errors: () => app.errors?.() ?? "",
    fresh: (examine) => withApp(options, signal, [audience], examine),
  };
}
