import type { Answer, AuthInfo, Facts, Granted, McpAuthzOptions, McpHandler } from "@mcp-authz/core";
import { createGate } from "@mcp-authz/core";
import { bodyOf, serve } from "@mcp-authz/core/fetch";
import type { Call, Handler, Next, Reply } from "./rill.js";

/** Who sent this call; undefined where no gate let it through, or the operation is public and no token came. */
export function getAuth(call: Call): AuthInfo | undefined {
  return call.locals.get("auth") as AuthInfo | undefined;
}

function factsOf(call: Call): Facts {
  return { method: call.method, target: call.target, headers: call.headers };
}

function send(answer: Answer): Reply {
  return { status: answer.status, headers: answer.headers, body: answer.body };
}

/** For the handler that serves behind us: the caller, and the body that was authorized. */
function attach(call: Call, granted: Granted): void {
  call.locals.set("auth", granted.auth).set("body", granted.body);
}

/** @throws {OptionError} when the options cannot work. */
export function mcpAuthz(options: McpAuthzOptions): Handler {
  const gate = createGate(options);
  return async (call, next) => {
    const outcome = await gate.authenticate(factsOf(call));
    switch (outcome.kind) {
      case "outside":
        return next();
      case "answer":
        return send(outcome);
      case "authenticated": {
        const request = requestOf(call, options.resource);
        const verdict = await outcome.authorize(await bodyOf(request, {}, outcome.reading));
        if (verdict.kind === "answer") return send(verdict);
        attach(call, verdict);
        return replyOf(await serve(options.handler ?? behindUs(call, next), request, verdict));
      }
    }
  };
}

/** The call in the words of the Fetch standard. Its URL is the configured one: `Host` is the client's to choose. */
function requestOf(call: Call, resource: string): Request {
  return new Request(resource, {
    method: call.method,
    headers: call.headers.map(([name, value]): [string, string] => [name, value]),
    signal: call.gone,
    ...(call.method === "POST" ? { body: ReadableStream.from(call.body), duplex: "half" } : {}),
  });
}

/** Without a handler, whoever is next in the row serves, for as long as caller and token last. */
function behindUs(call: Call, next: Next): McpHandler {
  return {
    async fetch({ signal }) {
      const { status, headers, body } = await next({ ...call, gone: signal });
      const init = { status, headers: headers.map(([name, value]): [string, string] => [name, value]) };
      return new Response(body === "" ? null : body, init);
    },
  };
}

function replyOf(response: Response): Reply {
  return { status: response.status, headers: [...response.headers], body: response.body };
}
