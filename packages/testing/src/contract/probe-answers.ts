type Fields = Readonly<Record<string, unknown>>;

/** Who is answered. */
interface Addressee {
  readonly to: string;
  readonly scopes: string;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

const argumentsOf = (body: unknown): Fields => fieldsOf(fieldsOf(fieldsOf(body)["params"])["arguments"]);

/** The kind of answer that a message asks for. */
export const wantedBy = (body: unknown): unknown => argumentsOf(body)["answer"];

/** The probe's answer to one request. */
export async function answerOf(
  body: unknown,
  addressee: Addressee,
  gone: Promise<void>,
  meeting: Meeting,
): Promise<Response> {
  if (isNoRequest(body)) return new Response(null, { status: 202 });
  const wanted = wantedBy(body);
  if (wanted === "wait") await gone;
  if (wanted === "together") await meeting.of(Number(argumentsOf(body)["of"]));
  const result = (message: unknown): unknown => resultOf(fieldsOf(message), addressee);
  const answer = Array.isArray(body) ? body.map(result) : result(body);
  if (isStreamKind(wanted)) return stream(wanted, answer, gone);
  const headers: [string, string][] = [["Content-Type", "application/json"]];
  if (wanted === "session") headers.push(["Mcp-Session-Id", String(argumentsOf(body)["session"])]);
  if (wanted === "headers")
    headers.push(
      ["Set-Cookie", "a=1"],
      ["Set-Cookie", "b=2"],
      ["X-Own", "yes"],
      ["Cache-Control", "private"],
    );
  return new Response(JSON.stringify(answer), { headers });
}

/** A notification or a response. */
function isNoRequest(body: unknown): boolean {
  const message = fieldsOf(body);
  return body !== undefined && !Array.isArray(body) && !("id" in message && "method" in message);
}

function resultOf(message: Fields, addressee: Addressee): unknown {
  const params = fieldsOf(message["params"]);
  const target = params["name"] ?? params["uri"] ?? "";
  const tools = [{ name: "list_todos" }, { name: "create_todo" }, { name: "undeclared" }];
  return {
    jsonrpc: "2.0",
    ...("id" in message ? { id: message["id"] } : {}),
    result: {
      served: `${String(message["method"] ?? "stream")} ${String(target)}`.trim(),
      ...addressee,
      ...(message["method"] === "tools/list" ? { tools, cacheScope: "public" } : {}),
    },
  };
}

const streamKinds = ["sse", "stream", "stubborn", "silent"] as const;
type StreamKind = (typeof streamKinds)[number];

function isStreamKind(wanted: unknown): wanted is StreamKind {
  return streamKinds.some((kind) => kind === wanted);
}

function stream(kind: StreamKind, answer: unknown, gone: Promise<void>): Response {
  const event = (data: unknown): Uint8Array =>
    new TextEncoder().encode(`event: message\ndata: ${JSON.stringify(data)}\n\n`);
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      if (kind === "silent") return;
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
  const type = kind === "stubborn" ? "Text/Event-Stream" : "text/event-stream";
  const headers = { "Content-Type": type, "Cache-Control": "no-cache, no-transform" };
  return new Response(body, { headers });
}

/** Where calls wait for each other, so that they are certain to be under way at the same time. */
export class Meeting {
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
