import { OptionError } from "../../option-error.js";
import type { Provider } from "../../provider.js";
import { jwt } from "../jwt.js";
import { hostOf, type PresetOptions, texts } from "./preset.js";

export interface WorkosOptions extends PresetOptions {
  /** AuthKit domain: `acme.authkit.app`. */
  readonly authkitDomain: string;
}

/**
 * WorkOS AuthKit. Tokens are for the resource identifier when it is listed there as a resource indicator; else `aud` is
 * the client id of the environment, which every server of that environment has in common.
 *
 * @throws {OptionError}
 */
export function workos({ authkitDomain, ...options }: WorkosOptions): Provider {
  const host = hostOf("authkitDomain", authkitDomain, "acme.authkit.app");
  if (host === "api.workos.com")
    throw new OptionError(
      "authkitDomain",
      authkitDomain,
      "write the AuthKit domain; api.workos.com issues session tokens.",
    );
  return jwt({
    claims: ({ role, roles }) => ({ roles: texts(roles ?? role) }),
    ...options,
    issuer: `https://${host}`,
  });
}
