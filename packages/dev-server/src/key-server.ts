import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { ANY_ORIGIN, send, sendJson } from "./http.js";
import type { SigningKeys } from "./keys.js";

/** How long `"slow"` takes, in milliseconds. */
const SLOW = 5000;

/** Answers `/keys`, in whatever mood the key server is in. */
export async function answerKeys(
  keys: SigningKeys,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (keys.mode) {
    case "error":
      return sendJson(response, 500, { error: "server_error" }, ANY_ORIGIN);
    case "gone":
      return sendJson(response, 404, { error: "not_found" }, ANY_ORIGIN);
    case "html":
      return send(response, {
        status: 200,
        type: "text/html",
        body: "<!doctype html><title>Sign in to the network</title>",
      });
    case "empty":
      return sendJson(response, 200, { keys: [] }, ANY_ORIGIN);
    case "shapeless":
      return sendJson(response, 200, {}, ANY_ORIGIN);
    case "hang":
      // Until the client gives up, or this server closes.
      return void (await new Promise((resolve) => request.socket.once("close", resolve)));
    case "slow":
      await wait(SLOW, undefined, { ref: false });
      return sendKeySet(keys, response);
    case "healthy":
      return sendKeySet(keys, response);
  }
}

async function sendKeySet(keys: SigningKeys, response: ServerResponse): Promise<void> {
  sendJson(response, 200, await keys.keySet(), ANY_ORIGIN);
}
