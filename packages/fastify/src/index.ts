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
import {
  type Answer,
  type Authenticated,
  type AuthInfo,
  type Body,
  createGate,
  type Facts,
  type Granted,
  type McpAuthzOptions,
} from "@mcp-authz/core";
import {
  applyHeaders,
  guard,
  headerLines,
  isVary,
  payloadOf,
  readBody,
  respond,
  varied,
} from "@mcp-authz/core/node";
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

/** On `reply` for routes that send; on the raw messages for those that hijack, and for the SDK's Node transports. */
function attach(request: FastifyRequest, reply: FastifyReply, granted: Granted): void {
  const { auth, body, headers } = granted;
  Object.assign(request, { auth, body });
  Object.assign(request.raw, { auth, body });
  setHeaders(reply, headers);
  applyHeaders(reply.raw, headers);
}

const plugin: FastifyPluginAsync<McpAuthzOptions> = async (app, options) => {
  const gate = createGate(options);
  const passed = new WeakMap<FastifyRequest, Authenticated>();
  const parsed = new WeakMap<FastifyRequest, FastifyRequest["headers"]>();
  if (!app.hasRequestDecorator("auth")) app.decorateRequest("auth", undefined);

  // A hook that has answered does not call `done`: nothing that was registered after it runs.
  app.addHook("onRequest", (request, reply, done) => {
    gate.authenticate(factsOf(request)).then((outcome) => {
      switch (outcome.kind) {
        case "outside":
          return done();
        case "answer":
          return send(reply, outcome);
        case "authenticated":
          passed.set(request, outcome);
          return done();
      }
    }, done);
  });

  app.addHook("preParsing", (request, reply, payload, done) => {
    const outcome = passed.get(request);
    if (outcome === undefined) return done();
    const authorize = async () => {
      const body = await readBody(payload, outcome.reading);
      const verdict = await outcome.authorize(body);
      if (verdict.kind === "answer") return send(reply, verdict);
      attach(request, reply, verdict);
      if (options.handler !== undefined)
        return send(reply, await respond(options.handler, request.raw, reply.raw, verdict));
      guard(reply.raw, verdict);
      parsed.set(request, request.headers);
      request.headers = { ...request.headers, ...unframed };
      return done(null, streamOf(body));
    };
    authorize().catch(done);
  });

  app.addHook("preValidation", (request, _reply, done) => {
    const headers = parsed.get(request);
    if (headers !== undefined) request.headers = headers;
    done();
  });

  // Hooks run where there is a route, and for the root instance everywhere.
  if (options.handler !== undefined && app.prefix !== "")
    app.all("/*", (_request, reply) => reply.callNotFound());
};

/** Without these there is no body to Fastify, and its parser has no second opinion about what was authorized. */
const unframed = { "content-type": undefined, "content-length": undefined, "transfer-encoding": undefined };

/** The bytes again, for whoever else wants to read them. */
function streamOf(body: Body): Readable {
  return Readable.from(body.kind === "bytes" ? [Buffer.from(body.bytes)] : []);
}

function setHeaders(reply: FastifyReply, headers: Iterable<readonly [name: string, value: string]>): void {
  for (const [name, value] of headers)
    reply.header(name, isVary(name) ? varied(reply.getHeader(name), value) : value);
}

/** @throws {OptionError} from `register` when the options cannot work: the server does not start. */
export const mcpAuthz: FastifyPluginAsync<McpAuthzOptions> = fp(plugin, {
  fastify: "5.x",
  name: "@mcp-authz/fastify",
});
export default mcpAuthz;
