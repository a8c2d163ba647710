import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "./context.js";
import { sendJson } from "./http.js";
import type { RequestNotes } from "./request-log.js";
import { route } from "./routes.js";

/** Answers one request and writes it to the log, whatever happens. */
export function handleRequest(
  context: Context,
  local: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const notes: RequestNotes = {};
  const { method = "GET", url = "/" } = request;
  const path = url.split("?")[0] ?? "/";
  recordOnce(response, () => {
    // The page's own traffic would drown what it shows.
    if (notes.kind !== "page") context.log.add({ method, path, status: response.statusCode }, notes);
  });
  // A page on the internet can reach loopback through a host name of its own (DNS rebinding).
  if (local && !isLoopbackHost(request.headers.host)) {
    sendJson(response, 403, { error: "forbidden", error_description: "Host not allowed" });
    return;
  }
  route(context, request, response, notes).catch((error: unknown) => {
    notes.error = "server_error";
    notes.detail = String(error);
    if (response.headersSent) response.destroy();
    else sendJson(response, 500, { error: "server_error" });
  });
}

/** Calls `record` before the last byte is sent, so that whoever has the answer finds it in the log. */
function recordOnce(response: ServerResponse, record: () => void): void {
  let recorded = false;
  const once = (): void => {
    if (!recorded) record();
    recorded = true;
  };
  const end = response.end.bind(response) as (...values: unknown[]) => ServerResponse;
  response.end = ((...values: unknown[]) => {
    once();
    return end(...values);
  }) as ServerResponse["end"];
  response.once("close", once);
}

function isLoopbackHost(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host ?? "");
}
