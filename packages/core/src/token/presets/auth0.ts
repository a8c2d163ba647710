import type { Provider } from "../../provider.js";
import { jwt } from "../jwt.js";
import { hostOf, type PresetOptions } from "./preset.js";

export interface Auth0Options extends PresetOptions {
  /** Domain of the tenant, or its custom domain: `acme.eu.auth0.com`. */
  readonly domain: string;
}

/**
 * Auth0. Its issuer ends in a slash, and `audience` is the identifier of the API there: make it the resource identifier,
 * and set it as the tenant's default audience, or else clients that ask for no audience get tokens that nobody can read.
 *
 * @throws {OptionError}
 */
export function auth0({ domain, ...options }: Auth0Options): Provider {
  return jwt({
    // Machine to machine: `sub` is the client's id with a suffix.
    claims: ({ sub, gty }) =>
      gty === "client-credentials" || (typeof sub === "string" && sub.endsWith("@clients"))
        ? { kind: "client" }
        : {},
    ...options,
    issuer: `https://${hostOf("domain", domain, "acme.eu.auth0.com")}/`,
  });
}
