import { type AuthInfo, LateDenial, type McpHandler } from "@mcp-authz/core";
import { answerOf, Meeting, wantedBy } from "./probe-answers.js";

/** One run of the MCP handler: what a tool would have seen. */
export interface ProbeRun {
  readonly method: string;
  readonly path: string;
  /** The parsed body that was handed over. */
  readonly parsed: unknown;
  /** The body as the request carries it. */
  readonly text: string;
  readonly caller: ProbeCaller | undefined;
  /** Whether the request's signal fired. */
  aborted: boolean;
}

/** `authInfo`, as far as it can be told over a wire. */
export interface ProbeCaller {
  readonly token: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number | undefined;
  readonly resource: string | undefined;
  readonly resourceMetadataUrl: string | undefined;
  readonly extra: Readonly<Record<string, unknown>>;
  /** What somebody sees who logs it. */
  readonly logged: string;
}

/** Is told of each run, and again when its signal fires. */
export type ProbeReport = (run: ProbeRun) => void | Promise<void>;

/** The runs of a probe, newest last. */
export class ProbeLog {
  readonly runs: ProbeRun[] = [];
  private waiting: (() => void)[] = [];
  private readonly known = new WeakSet<ProbeRun>();

  /** Forgets what happened; what is still to come of it is not told any more. */
  clear(): void {
    this.runs.length = 0;
  }

  report(run: ProbeRun): void {
    if (!this.known.has(run)) this.runs.push(run);
    this.known.add(run);
    const waiting = this.waiting;
    this.waiting = [];
    for (const wake of waiting) wake();
  }

  /** @throws {Error} when it does not come true within five seconds. */
  async until(what: string, holds: (runs: readonly ProbeRun[]) => boolean): Promise<void> {
    const end = Date.now() + 5000;
    while (!holds(this.runs)) {
      const left = end - Date.now();
      if (left <= 0) throw new Error(`Waited five seconds for this: ${what}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }
}

/**
 * The MCP server of the contract: it does nothing but say who called what. `arguments.answer` asks for more:
 *
 * - `sse`: two events and the end
 * - `stream`: one event, and another when the request's signal fires, then the end
 * - `stubborn`: one event, and no end, whatever the signal says; its content type is in capital letters
 * - `silent`: a stream without an event and without an end
 * - `wait`: no answer before the signal fires
 * - `together`: no answer before as many calls of this kind wait as `arguments.of` says
 * - `headers`: headers of its own, two cookies among them
 * - `session`: the header `Mcp-Session-Id: <arguments.session>`
 * - `deny`: an answer of 200 after the tool has found out that `todo:admin` is needed (`LateDenial`)
 */
export function createProbe(report: ProbeReport): McpHandler {
  const meeting = new Meeting();
  return {
    async fetch(request, { authInfo, parsedBody } = {}) {
      const caller = callerOf(authInfo);
      const run: ProbeRun = {
        method: request.method,
        path: new URL(request.url).pathname,
        parsed: parsedBody,
        text: await request.text(),
        caller,
        aborted: request.signal.aborted,
      };
      await report(run);
      const gone = new Promise<void>((resolve) => {
        request.signal.addEventListener("abort", () => {
          run.aborted = true;
          void report(run);
          resolve();
        });
      });
      if (wantedBy(parsedBody) === "deny") new LateDenial(authInfo, "todo:admin");
      const subject = String(caller?.extra["subject"] ?? "nobody");
      return answerOf(parsedBody, { to: subject, scopes: (caller?.scopes ?? []).join(" ") }, gone, meeting);
    },
  };
}

function callerOf(auth: AuthInfo | undefined): ProbeCaller | undefined {
  if (auth === undefined) return undefined;
  return {
    token: auth.token,
    clientId: auth.clientId,
    scopes: [...auth.scopes],
    expiresAt: auth.expiresAt,
    resource: auth.resource?.href,
    resourceMetadataUrl: auth.resourceMetadataUrl,
    extra: { ...auth.extra },
    logged: JSON.stringify({ ...auth }),
  };
}
