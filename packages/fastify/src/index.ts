/**
 * OAuth 2.1 authorization for an MCP server on Fastify 5.
 *
 * ```ts
 * import fastify from "fastify";
 * import { mcpAuthz } from "@mcp-authz/fastify";
 * import { scalekit } from "@mcp-authz/scalekit";
 *
 * const app = fastify();
 * await app.register(mcpAuthz, { resource: "https://mcp.example.com/mcp", provider: scalekit(), policy, handler });
 * await app.listen({ port: 3000 });
 * ```
 *
 * Register it on the root instance: it answers its own paths only, and the metadata document stands at the root of
 * the origin (RFC 9728 §3.1).
 *
 * @module
 */
import { Readable } from "node:stream";
import type { Answer, Authenticated, AuthInfo, Body, Facts, Granted, McpAuthzOptions } from "@mcp-authz/core";
import { createGate } from "@mcp-authz/core";
import { guard, headerLines, payloadOf, readBody, respond, varied } from "@mcp-authz/core/node";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import fp from "fastify-plugin";

declare module "fastify" {
  interface FastifyRequest {
    /** Who sent this request; undefined where no gate let it through, or the operation is public and no token came. */
    auth?: AuthInfo | undefined;
  }
}

/** Who sent this request; undefined where no gate let it through, or the operation is public and no token came. */
export function getAuth(request: FastifyRequest): AuthInfo | undefined {
  return request.auth;
}

function factsOf({ method, originalUrl, url, raw }: FastifyRequest): Facts {
  return { method, target: originalUrl, routed: url, headers: headerLines(raw) };
}

function send(reply: FastifyReply, answer: Answer | Response): void {
  setHeaders(reply, answer.headers);
  reply.code(answer.status).send(payloadOf(reply.raw, answer) ?? undefined);
}

/** On `request` for routes that send; on the raw message for those that hijack, and for the SDK's Node transports. */
function attach(request: FastifyRequest, reply: FastifyReply, { auth, body, headers }: Granted): void {
  Object.assign(request, { auth, body });
  Object.assign(request.raw, { auth, body });
  setHeaders(reply, headers);
}

const plugin: FastifyPluginAsync<McpAuthzOptions> = async (app, options) => {
  const gate = createGate(options);
  const passed = new WeakMap<FastifyRequest, Authenticated>();
  if (!app.hasRequestDecorator("auth")) app.decorateRequest("auth", undefined);

  // A hook that has answered does not call `done`: nothing that comes after it runs.
  app.addHook("onRequest", (request, reply, done) => {
    const authenticate = async () => {
      const outcome = await gate.authenticate(factsOf(request));
      switch (outcome.kind) {
        case "outside":
          return done();
        case "answer":
          return send(reply, outcome);
        case "authenticated":
          passed.set(request, outcome);
          return done();
      }
    };
    authenticate().catch(done);
  });
  app.addHook("preParsing", (request, reply, payload, done) => {
    const authenticated = passed.get(request);
    if (authenticated === undefined) return done();
    const authorize = async () => {
      const body = await readBody(payload, authenticated.reading);
      const verdict = await authenticated.authorize(body);
      if (verdict.kind === "answer") return send(reply, verdict);
      attach(request, reply, verdict);
      if (options.handler !== undefined)
        return send(reply, await respond(options.handler, request.raw, reply.raw, verdict));
      // Who hijacks the reply leaves its headers behind.
      guard(reply.raw, verdict, verdict.headers);
      hideBody(request);
      return done(null, again(body));
    };
    authorize().catch(done);
  });
  app.addHook("preValidation", async (request) => showBody(request));
  // Hooks run where there is a route; only on the root instance there is one for everything.
  if (options.handler !== undefined && app.prefix !== "") app.all("/*", (_, reply) => reply.callNotFound());
};

/** @throws {OptionError} from `register` when the options cannot work: the server does not start. */
export const mcpAuthz: FastifyPluginAsync<McpAuthzOptions> = fp(plugin, {
  fastify: "5.x",
  name: "@mcp-authz/fastify",
});
export default mcpAuthz;

function setHeaders(reply: FastifyReply, headers: Iterable<readonly [name: string, value: string]>): void {
  for (const [name, value] of headers) reply.header(name, varied(name, value, reply));
}

/** The bytes again, for whoever else wants to read them. */
function again(body: Body): Readable {
  return new Readable({
    read() {
      if (body.kind === "bytes" && body.bytes.length > 0) this.push(body.bytes);
      this.push(null);
    },
  });
}

const shown = new WeakMap<FastifyRequest, FastifyRequest["headers"] | undefined>();
const framing = { "content-type": undefined, "content-length": undefined, "transfer-encoding": undefined };

/** Without these headers Fastify sees nothing to parse: no second opinion about what was authorized. */
function hideBody(request: FastifyRequest): void {
  const { headers } = request;
  if (shown.has(request)) return;
  const own = headers === request.raw.headers;
  shown.set(request, own ? undefined : headers);
  // Fastify lays them over those of the message.
  request.headers = own ? framing : { ...headers, ...framing };
}

function showBody(request: FastifyRequest): void {
  if (!shown.has(request)) return;
  // With nothing laid over them, Fastify shows those of the message again.
  request.headers = shown.get(request) as FastifyRequest["headers"];
}
