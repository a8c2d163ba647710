import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "./context.js";
import type { McpServer } from "./environment.js";
import { ANY_ORIGIN, sendJson } from "./http.js";
import type { RequestNotes } from "./request-log.js";

/** One request on its way to an answer. */
export interface Visit {
  readonly context: Context;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  /** With its question mark. */
  readonly query: string;
  readonly notes: RequestNotes;
}

/** Hands a request to the protocol library and waits for its answer. */
export async function pass(
  visit: Visit,
  server: McpServer | undefined,
  request: IncomingMessage,
): Promise<void> {
  const { context, response, notes } = visit;
  context.notes.set(request, notes);
  const provider = await context.authorizationServer(server);
  await provider.callback()(request, response);
}

export function refuse({ response, notes }: Visit, status: number, error: string, description: string): void {
  notes.error = error;
  notes.errorDescription = description;
  sendJson(response, status, { error, error_description: description }, ANY_ORIGIN);
}

export function notFound(response: ServerResponse): void {
  sendJson(response, 404, { error: "not_found" }, ANY_ORIGIN);
}
