import type { Answer } from "../answers.js";
import type { Granted } from "../granted.js";
import { joined } from "../joined.js";
import type { Rewriter } from "../mcp/rewriter.js";
import { isEventStream } from "../media-type.js";

/** How long a handler has to end its stream in its own words after the token has expired. Milliseconds. */
const farewell = 1_000;

/**
 * Takes a handler's answer through what the gate has to say about it: a late denial goes out in its stead, lists are
 * rewritten, and a stream ends with its token.
 *
 * @param ending fires when caller or token is gone; the handler's request carries its signal
 */
export async function reviewed(
  response: Response,
  granted: Granted,
  ending: AbortController,
): Promise<Response> {
  const { outgoing } = granted;
  const { headers, status } = response;
  const head = { status, header: (name: string) => headers.get(name) };
  // Only a stream can have begun while a tool still runs: all other answers are whole. Their body is left alone as long as
  // can be, because servers have shorter ways for one that nobody has asked for.
  if (!isEventStream(head.header("content-type")) || response.body === null) {
    const refusal = outgoing.begin(head);
    if (refusal !== undefined) return refusedInstead(response.body, refusal, granted);
    const rewriter = outgoing.rewriter(head);
    if (rewriter === undefined || response.body === null) return response;
    return rewritten(response, response.body.getReader(), rewriter, ending.signal);
  }
  const reader = response.body.getReader();
  const over = endingWithToken(reader, granted, ending);
  const source = untilItBreaks(reader, over);
  // As long as nothing has been said, a tool that denies late can still be heard.
  const first = outgoing.mayStillDeny ? await source.read() : undefined;
  const refusal = outgoing.begin(head);
  if (refusal !== undefined) return refusedInstead(source, refusal, granted);
  const rewriter = outgoing.rewriter(head);
  const own = new Headers(headers);
  if (rewriter !== undefined) own.delete("content-length");
  const body = passedOn(source, first, rewriter, ending, over);
  return new Response(body, { status, statusText: response.statusText, headers: own });
}

/**
 * Nothing of it can go out before all of it is there.
 * @throws when the caller is gone before, or the handler breaks off
 */
async function rewritten(
  response: Response,
  source: Source,
  rewriter: Rewriter,
  gone: AbortSignal,
): Promise<Response> {
  const cancel = () => source.cancel(gone.reason).catch(() => {});
  if (gone.aborted) cancel();
  else gone.addEventListener("abort", cancel, { once: true });
  const pieces: Uint8Array[] = [];
  for (let piece = await source.read(); !piece.done; piece = await source.read()) pieces.push(piece.value);
  gone.throwIfAborted();
  const body = rewriter.end(joined(pieces));
  const headers = new Headers(response.headers);
  // RFC 9112 §6.2: never beside a length. The transfer was the handler's, and is over.
  headers.delete("transfer-encoding");
  headers.delete("trailer");
  headers.set("content-length", `${body.byteLength}`);
  const { status, statusText } = response;
  return new Response(body as Uint8Array<ArrayBuffer>, { status, statusText, headers });
}

function refusedInstead(
  source: { cancel(): Promise<void> } | null | undefined,
  refusal: Answer,
  granted: Granted,
): Response {
  source?.cancel().catch(() => {});
  granted.release();
  return responseOf(refusal);
}

export function responseOf({ status, headers, body }: Answer): Response {
  return new Response(body === "" ? null : body, {
    status,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
  });
}

type Source = Pick<ReadableStreamDefaultReader<Uint8Array>, "read" | "cancel">;
type Piece = Awaited<ReturnType<Source["read"]>>;

/**
 * When the token has expired, the handler has a moment to end its stream, also one that it has not said a word on.
 * @returns to be called when the answer is over
 */
function endingWithToken(source: Source, granted: Granted, ending: AbortController): () => void {
  let cut: ReturnType<typeof setTimeout> | undefined;
  granted.onExpiry((reason) => {
    ending.abort(reason);
    cut = setTimeout(() => source.cancel().catch(() => {}), farewell);
  });
  return () => {
    clearTimeout(cut);
    granted.release();
  };
}

/** A stream that its handler breaks off is over, too. */
function untilItBreaks(source: Source, over: () => void): Source {
  const broken = (error: unknown): never => {
    over();
    throw error;
  };
  return { read: () => source.read().catch(broken), cancel: (reason) => source.cancel(reason) };
}

function passedOn(
  source: Source,
  first: Piece | undefined,
  rewriter: Rewriter | undefined,
  ending: AbortController,
  over: () => void,
): ReadableStream<Uint8Array> {
  let waiting = first;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      // A pull that brings nothing is not repeated (Streams standard), so it goes on until it brings something.
      for (let empty = true; empty; ) {
        const piece = waiting ?? (await source.read());
        waiting = undefined;
        const bytes = piece.done ? rewriter?.end() : (rewriter?.push(piece.value) ?? piece.value);
        empty = bytes === undefined || bytes.byteLength === 0;
        if (bytes !== undefined && !empty) controller.enqueue(bytes);
        if (piece.done) {
          over();
          return close(controller);
        }
      }
    },
    cancel(reason) {
      over();
      ending.abort(reason);
      return source.cancel(reason);
    },
  });
}

/** A stream may have been closed from its other end in the meantime. */
function close(controller: ReadableStreamDefaultController): void {
  try {
    controller.close();
  } catch {
    // It was.
  }
}
