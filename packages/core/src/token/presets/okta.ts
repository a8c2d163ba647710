import { OptionError } from "../../option-error.js";
import type { Provider } from "../../provider.js";
import { jwt } from "../jwt.js";
import { hostOf, type PresetOptions, texts } from "./preset.js";

export interface OktaOptions extends PresetOptions {
  /** Domain of the organization: `acme.okta.com`. */
  readonly domain: string;
  /** Id of the custom authorization server. Default "default". */
  readonly authorizationServer?: string;
}

/**
 * A custom authorization server of Okta. Tokens of the organization's own server are for Okta alone and cannot be
 * validated by anybody else. `audience` is what is set at the server, `api://default` unless it was changed.
 *
 * @throws {OptionError}
 */
export function okta({ domain, authorizationServer = "default", ...options }: OktaOptions): Provider {
  const host = hostOf("domain", domain, "acme.okta.com");
  if (/-admin\.okta/.test(host)) throw new OptionError("domain", domain, `write it without "-admin".`);
  if (!/^\w+$/.test(authorizationServer))
    throw new OptionError(
      "authorizationServer",
      authorizationServer,
      'write the id of a custom authorization server, such as "default".',
    );
  return jwt({
    claims: ({ cid, sub, groups }) => ({
      ...(typeof cid === "string" && { clientId: cid }),
      ...(cid !== undefined && cid === sub && { kind: "client" as const }),
      roles: texts(groups),
    }),
    ...options,
    issuer: `https://${host}/oauth2/${authorizationServer}`,
  });
}
