import type { AuthInfo, McpHandler } from "@mcp-authz/core";

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
 * - `stubborn`: one event, and no end, whatever the signal says
 * - `wait`: no answer before the signal fires
 * - `together`: no answer before as many calls of this kind wait as `arguments.of` says
 * - `headers`: headers of its own, two cookies among them
 */
export function createProbe(report: ProbeReport): McpHandler {
  const together = new Meeting();
  return {
    async fetch(request, { authInfo, parsedBody } = {}) {
      const run: ProbeRun = {
        method: request.method,
        path: new URL(request.url).pathname,
        parsed: parsedBody,
        text: await request.text(),
        caller: callerOf(authInfo),
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
      return answerOf(parsedBody, () => callerOf(authInfo), gone, together);
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

/** Where calls wait for each other, so that they are certain to be under way at the same time. */
class Meeting {
  private waiting: (() => void)[] = [];

  /** Resolves when so many are waiting; or after a second, in a server that takes one at a time. */
  of(number: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, 1000);
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
      if (this.waiting.length < number) return;
      const all = this.waiting;
      this.waiting = [];
      for (const go of all) go();
    });
  }
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

async function answerOf(
  body: unknown,
  caller: () => ProbeCaller | undefined,
  gone: Promise<void>,
  together: Meeting,
): Promise<Response> {
  const message = fieldsOf(body);
  const args = fieldsOf(fieldsOf(message["params"])["arguments"]);
  const wanted = args["answer"];
  const notifies = !Array.isArray(body) && body !== undefined && !("id" in message && "method" in message);
  if (notifies) return new Response(null, { status: 202 });
  if (wanted === "wait") await gone;
  if (wanted === "together") await together.of(Number(args.of));
  const answer = Array.isArray(body)
    ? body.map((each) => resultOf(fieldsOf(each), caller()))
    : resultOf(message, caller());
  if (wanted === "sse" || wanted === "stream" || wanted === "stubborn") return stream(wanted, answer, gone);
  const own: [string, string][] =
    wanted === "headers"
      ? [
          ["Set-Cookie", "a=1"],
          ["Set-Cookie", "b=2"],
          ["Mcp-Session-Id", "session_1"],
          ["Cache-Control", "private"],
        ]
      : [];
  return new Response(JSON.stringify(answer), { headers: [["Content-Type", "application/json"], ...own] });
}

function resultOf(message: Fields, caller: ProbeCaller | undefined): unknown {
  const params = fieldsOf(message["params"]);
  const target = params["name"] ?? params["uri"] ?? "";
  return {
    jsonrpc: "2.0",
    ...("id" in message ? { id: message["id"] } : {}),
    result: {
      served: `${String(message["method"] ?? "stream")} ${String(target)}`.trim(),
      to: String(caller?.extra["subject"] ?? "nobody"),
      scopes: (caller?.scopes ?? []).join(" "),
    },
  };
}

function stream(kind: "sse" | "stream" | "stubborn", answer: unknown, gone: Promise<void>): Response {
  const event = (data: unknown): Uint8Array =>
    new TextEncoder().encode(`event: message\ndata: ${JSON.stringify(data)}\n\n`);
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(event({ jsonrpc: "2.0", method: "notifications/progress" }));
      if (kind === "stubborn") return;
      if (kind === "stream") await gone;
      try {
        controller.enqueue(event(answer));
        controller.close();
      } catch {
        // Whoever read it has gone.
      }
    },
  });
  const headers = { "Content-Type": "text/event-stream", "Cache-Control": "no-cache, no-transform" };
  return new Response(body, { headers });
}
