import { createServer, type Server } from "node:http";
import { bodyParser } from "@koa/bodyparser";
import { mcpAuthz } from "@mcp-authz/koa";
import jwksRsa from "jwks-rsa";
import Koa, { type Middleware } from "koa";
import koaJwt from "koa-jwt";
import { type IssuerFacts, resource } from "../issuer.js";
import { answerTo, ourOptions, type Variants } from "./variant.js";

function serving(...before: Middleware[]): Server {
  const app = new Koa();
  for (const middleware of before) app.use(middleware);
  app.use((ctx) => {
    ctx.body = answerTo((ctx.request as { body?: unknown }).body);
  });
  return createServer(app.callback());
}

function withJwt({ issuer }: IssuerFacts, secret: koaJwt.Options["secret"]): Server {
  return serving(koaJwt({ secret, issuer, audience: resource, algorithms: ["RS256"] }), bodyParser());
}

export const variants: Variants = {
  unprotected: () => serving(bodyParser()),
  "no-op": () => serving((_ctx, next) => next(), bodyParser()),
  ours: (facts) => serving(mcpAuthz(ourOptions(facts)) as Middleware),
  "koa-jwt, one key given": (facts) => withJwt(facts, facts.pem),
  "koa-jwt with jwks-rsa": (facts) =>
    withJwt(facts, jwksRsa.koaJwtSecret({ jwksUri: facts.jwksUri, cache: true })),
};
