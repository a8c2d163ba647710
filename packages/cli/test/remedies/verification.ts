import { InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js";
import type { Request } from "express";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import type { Mending, Site, Verification } from "../servers/mending.js";
import { keyCooldown } from "../servers/sdk-server.js";
import { laterChallenge } from "./outside.js";
import { onAnswer, type Remedies, together } from "./remedy.js";

/** Verification over a key set that is fetched again when a token names a key that is not in it. */
function overKeySet({ issuer, resource }: Site): Verification {
  const keys = createRemoteJWKSet(new URL(`${issuer}/keys`), { cooldownDuration: keyCooldown });
  return async (token, scopes = []) => {
    const { payload } = await jwtVerify(token, keys, { audience: resource });
    const granted = String(payload.scope).split(" ");
    if (!scopes.every((scope) => granted.includes(scope))) throw new Error("insufficient scope");
    return payload;
  };
}

/** The key server gave no answer: `fetch` and jose say so, each in its way. Everything else is about the token. */
function isOutage(error: unknown): boolean {
  return (
    error instanceof errors.JWKSTimeout || (error instanceof TypeError && error.message === "fetch failed")
  );
}

/** What is wrong with a token is said to the SDK in its own words. */
const refusesWhatThrows: Mending = {
  verification: (own) => (token, scopes) =>
    own(token, scopes).catch((error: unknown) => {
      if (isOutage(error)) throw error;
      throw new InvalidTokenError("The access token is invalid or expired");
    }),
};

/** 503 for tokens that could not be checked. */
function blamesNobody(): Mending {
  const unchecked = new Set<string | undefined>();
  return together([
    {
      verification: (own) => (token, scopes) =>
        own(token, scopes).catch((error: unknown) => {
          if (isOutage(error)) unchecked.add(token);
          throw error;
        }),
    },
    onAnswer((response, request) => {
      if (!unchecked.delete(bearerOf(request))) return;
      response.statusCode = 503;
      response.removeHeader("WWW-Authenticate");
      response.set("Retry-After", "5");
    }),
  ]);
}

function bearerOf({ headers: { authorization } }: Request): string | undefined {
  return authorization?.split(" ")[1];
}

/** Remedies for how the guide's sample checks tokens: its library keeps the first keys that it has seen. */
export const guideVerificationRemedies = {
  "rotation-not-followed": (_change, site) => ({ verification: () => overKeySet(site) }),
  "outage-blames-client": (_change, site) =>
    together([{ verification: () => overKeySet(site) }, blamesNobody()]),
} satisfies Remedies;

/** Remedies for how the SDK's sample checks tokens: its verifier lets every exception through. */
export const sdkVerificationRemedies = {
  "bad-token-not-401": (change, site) => together([refusesWhatThrows, laterChallenge(change, site)]),
  "inside-wrong-token-not-401": () => refusesWhatThrows,
  "outage-blames-client": blamesNobody,
} satisfies Remedies;
