import { OptionError } from "../option-error.js";
import type { Provider, TokenVerifier } from "../provider.js";
import { decodeJsonObject } from "./base64url.js";
import { healthOf } from "./health.js";
import { rejected } from "./verification.js";

/** Which tokens a provider is for. */
export type TokenRule =
  /** Tokens that begin so, as many opaque ones do. */
  | { readonly prefix: string }
  /** A JWT (three segments, and the first is the header of one), or everything else. */
  | { readonly form: "jwt" | "opaque" }
  /** JWTs that say they are of this issuer; its provider finds out whether they are. */
  | { readonly issuer: string };

export interface Choice {
  /** Left out: every token that no choice before this one took. */
  readonly when?: TokenRule;
  readonly provider: Provider;
}

/**
 * Several providers for one resource. The first whose rule fits a token decides about it, and alone: a token that it
 * refuses is refused, and no other provider is tried.
 *
 * @example
 * anyOf({ when: { form: "jwt" }, provider: jwt({ issuer }) }, { provider: introspection({ issuer, clientId, clientSecret }) })
 *
 * @throws {OptionError}
 */
export function anyOf(...choices: readonly Choice[]): Provider {
  if (choices.length === 0) throw new OptionError("anyOf", choices, "give at least one { when, provider }.");
  choices.forEach(({ when, provider }, index) => {
    if (typeof provider?.verifierFor !== "function")
      throw new OptionError(
        `anyOf[${index}].provider`,
        provider,
        "give a provider, such as jwt({ issuer }).",
      );
    if (when === undefined && index < choices.length - 1)
      throw new OptionError(
        `anyOf[${index}].when`,
        when,
        "say which tokens it is for; only the last may take the rest.",
      );
  });
  return {
    authorizationServers: [...new Set(choices.flatMap(({ provider }) => provider.authorizationServers))],
    verifierFor(resource) {
      const all = choices.map(({ when, provider }) => ({
        fits: fits(when),
        verifier: provider.verifierFor(resource),
      }));
      return {
        verify: (token) =>
          all.find(({ fits }) => fits(token))?.verifier.verify(token) ??
          rejected("token_malformed", "no provider is declared for tokens of this kind"),
        warm: async () => {
          await Promise.all(all.map(({ verifier }) => verifier.warm?.()));
        },
        health: () => healthOf(all.map(({ verifier }) => verifier.health?.() ?? { ready: true })),
      } satisfies TokenVerifier;
    },
  };
}

function fits(rule: TokenRule | undefined): (token: string) => boolean {
  if (rule === undefined) return () => true;
  if ("prefix" in rule) return (token) => token.startsWith(rule.prefix);
  if ("issuer" in rule) return (token) => isJwt(token) && claimedIssuer(token) === rule.issuer;
  return (token) => isJwt(token) === (rule.form === "jwt");
}

function isJwt(token: string): boolean {
  const segments = token.split(".", 4);
  return segments.length === 3 && decodeJsonObject(segments[0] ?? "")?.alg !== undefined;
}

function claimedIssuer(token: string): unknown {
  return decodeJsonObject(token.split(".", 3)[1] ?? "")?.iss;
}
