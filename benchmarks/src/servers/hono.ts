import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { mcpAuthz } from "@mcp-authz/hono";
import { Hono, type MiddlewareHandler } from "hono";
import { jwk } from "hono/jwk";
import { type IssuerFacts, resource } from "../issuer.js";
import { answerTo, ourOptions, type Variants } from "./variant.js";

function serving(...before: MiddlewareHandler[]): Server {
  const app = new Hono();
  for (const middleware of before) app.use(middleware);
  app.post("/mcp", async (c) => c.json(answerTo(c.get("parsedBody") ?? (await c.req.json()))));
  return createAdaptorServer({ fetch: app.fetch }) as Server;
}

function withJwk(
  { issuer }: IssuerFacts,
  keys: Pick<Parameters<typeof jwk>[0], "keys" | "jwks_uri">,
): Server {
  const verification = { iss: issuer, aud: resource, typ: "at+jwt" };
  return serving(jwk({ ...keys, alg: ["RS256"], verification }));
}

export const variants: Variants = {
  unprotected: () => serving(),
  "no-op": () => serving(async (_c, next) => next()),
  ours: (facts) => serving(mcpAuthz(ourOptions(facts))),
  "hono/jwk, keys given": (facts) => withJwk(facts, { keys: [facts.jwk as { kty: string; kid: string }] }),
  "hono/jwk, jwks_uri": (facts) => withJwk(facts, { jwks_uri: facts.jwksUri }),
};
