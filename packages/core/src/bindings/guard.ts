import { ServerResponse } from "node:http";
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
  if (isOver(response)) granted.release();
  else response.once("close", () => granted.release());
  if (headers.length === 0 && mayBeLeftAlone(response, granted)) watchWhenNeeded(response, granted);
  else watch(response, granted.outgoing, headers, () => endWithToken(response, granted));
}

/** Where the client has left already, nothing will say so again. A response of HTTP/2 says it by having no socket any more. */
function isOver(response: ServerResponse): boolean {
  return response.destroyed || response.socket === undefined;
}

/** A call that ends was authorized when it began; only a stream can outlive its token. */
function endWithToken(response: ServerResponse, granted: Granted): void {
  granted.onExpiry(() => response.destroy());
}

/**
 * Node.js before 24 makes a new shape for each property that is added to a response whose prototype was changed, as Express
 * does with all of them: to watch one costs as much as the gate.
 */
function mayBeLeftAlone(response: ServerResponse, { outgoing, headers }: Granted): boolean {
  return (
    response instanceof ServerResponse &&
    Object.getPrototypeOf(response) !== ServerResponse.prototype &&
    !outgoing.rewrites &&
    !outgoing.turnsSession &&
    // One that waits behind another on its connection may never be heard to close.
    response.socket !== null &&
    // Node.js keeps the headers that `writeHead` is given only where others were set before.
    headers.some(([name]) => response.hasHeader(name))
  );
}

/** Most answers say nothing that has to be watched for. */
function watchWhenNeeded(response: ServerResponse, granted: Granted): void {
  const { outgoing } = granted;
  let watched = false;
  outgoing.onLateDenial(() => {
    if (watched || response.headersSent) return;
    watched = true;
    watch(response, outgoing, [], () => endWithToken(response, granted));
    silenceKept(response);
  });
  // An answer that has not begun may still become a stream.
  const endIfStream = () => {
    if (!response.headersSent) granted.onExpiry(endIfStream);
    else if (isEventStream(headOf(response).header("content-type"))) response.destroy();
  };
  granted.onExpiry(endIfStream);
  response.once("close", () => {
    outgoing.onLateDenial(undefined);
    if (!watched) outgoing.noteSession(headOf(response));
  });
}

/**
 * A `write` or `end` that somebody kept from before the denial knows nothing of it: it would come here for its head, find
 * that the denial went out instead, and go on with its body.
 */
function silenceKept(response: ServerResponse): void {
  (response as unknown as { _implicitHeader(): void })._implicitHeader = () => {
    response.writeHead(response.statusCode);
    throw new Error("The tool has denied late: its answer does not go out.");
  };
  response.flushHeaders = () => {
    response.writeHead(response.statusCode);
  };
}
