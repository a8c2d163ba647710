import type { ServerResponse } from "node:http";
import type { HeaderLines } from "../facts.js";
import type { Granted } from "../granted.js";
import { isEventStream } from "../media-type.js";
import { headOf, watch } from "./watch.js";

/**
 * The application's own route serves, and what holds for a handler of ours holds for its answer: it may deny late, its
 * lists are rewritten, sessions belong to who opened them, and a stream ends with its token.
 *
 * @param headers those of `granted.headers` that are not on the response yet, for when the answer begins
 */
export function guard(response: ServerResponse, granted: Granted, headers: HeaderLines = []): void {
  // Nobody is left to hear the answer, and nothing will say so again.
  if (response.destroyed) return;
  response.once("close", () => granted.release());
  const { rewrites, turnsSession } = granted.outgoing;
  // Node.js keeps the headers that `writeHead` is given only where others were set before.
  const isReadable = granted.headers.some(([name]) => response.hasHeader(name));
  if (rewrites || turnsSession || headers.length > 0 || !isReadable)
    watch(response, granted.outgoing, headers, () => endWithToken(response, granted));
  else watchWhenNeeded(response, granted);
}

/** A call that ends was authorized when it began; only a stream can outlive its token. */
function endWithToken(response: ServerResponse, granted: Granted): void {
  granted.onExpiry(() => response.destroy());
}

/**
 * Most answers need no watching, which costs as much as the gate: Node.js before 24 makes a new shape for each property that
 * is added to a response whose prototype was changed, as Express does with all of them.
 */
function watchWhenNeeded(response: ServerResponse, granted: Granted): void {
  const { outgoing } = granted;
  let watched = false;
  const watchNow = () => {
    if (watched || response.headersSent) return;
    watched = true;
    watch(response, outgoing, [], () => endWithToken(response, granted));
  };
  outgoing.onLateDenial(watchNow);
  granted.onExpiry(() => {
    if (response.headersSent && isEventStream(headOf(response).header("content-type"))) response.destroy();
    else watchNow();
  });
  response.once("close", () => {
    if (!watched) outgoing.noteSession(headOf(response));
  });
}
