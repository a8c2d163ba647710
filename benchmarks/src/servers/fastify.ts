import type { Server } from "node:http";
import fastifyJwt from "@fastify/jwt";
import { mcpAuthz } from "@mcp-authz/fastify";
import fastify, { type FastifyInstance } from "fastify";
import { type IssuerFacts, resource } from "../issuer.js";
import { answerTo, ourOptions, type Variants } from "./variant.js";

async function serving(before: (app: FastifyInstance) => unknown): Promise<Server> {
  const app = fastify();
  await before(app);
  app.post("/mcp", (request, reply) => {
    reply.send(answerTo(request.body));
  });
  await app.ready();
  return app.server;
}

/** It has no key set of its own: one fixed key, which is less work than choosing one. */
async function withJwt(app: FastifyInstance, { issuer, pem }: IssuerFacts, cache: boolean): Promise<void> {
  await app.register(fastifyJwt, {
    secret: { public: pem },
    verify: { algorithms: ["RS256"], allowedIss: issuer, allowedAud: resource, cache },
  });
  app.addHook("onRequest", async (request) => {
    await request.jwtVerify();
  });
}

export const variants: Variants = {
  unprotected: () => serving(() => {}),
  "no-op": () => serving((app) => app.addHook("onRequest", (_request, _reply, done) => done())),
  ours: (facts) => serving((app) => app.register(mcpAuthz, ourOptions(facts))),
  "@fastify/jwt": (facts) => serving((app) => withJwt(app, facts, false)),
  "@fastify/jwt with its cache": (facts) => serving((app) => withJwt(app, facts, true)),
};
