import { OptionError } from "../../option-error.js";
import type { Provider } from "../../provider.js";
import { isObject } from "../base64url.js";
import type { Claims } from "../claims.js";
import { jwt } from "../jwt.js";
import { requireTrustworthy } from "../outbound.js";
import { type PresetOptions, texts } from "./preset.js";

export interface KeycloakOptions extends PresetOptions {
  /** Base URL, such as `https://sso.example.com`, with `/auth` where Keycloak is served there. */
  readonly url: string;
  readonly realm: string;
  /** Client whose roles (`resource_access`) count beside those of the realm. */
  readonly rolesOf?: string;
}

/**
 * A realm of Keycloak. Its access tokens name nobody but `account` in `aud` until the realm has an audience mapper:
 * add one, in a client scope, that writes the resource identifier.
 *
 * @throws {OptionError}
 */
export function keycloak({ url, realm, rolesOf, ...options }: KeycloakOptions): Provider {
  requireTrustworthy("url", url, options.allowInsecure);
  if (!realm) throw new OptionError("realm", realm, "write the name of the realm.");
  const issuer = `${url.replace(/\/$/, "")}/realms/${encodeURIComponent(realm)}`;
  return jwt({
    claims: (claims) => ({
      roles: [
        ...rolesIn(claims.realm_access),
        ...(rolesOf ? rolesIn(member(claims.resource_access, rolesOf)) : []),
      ],
      ...organizationOf(claims),
      ...(isServiceAccount(claims) && { kind: "client" as const }),
    }),
    ...options,
    issuer,
  });
}

function rolesIn(access: unknown): readonly string[] {
  return texts(member(access, "roles"));
}

function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The `organization` scope writes the alias in a list, or as the one key of an object with attributes. */
function organizationOf({ organization }: Claims): { organizationId?: string } {
  const aliases = isObject(organization) ? Object.keys(organization) : texts(organization);
  const [only] = aliases;
  return only !== undefined && aliases.length === 1 ? { organizationId: only } : {};
}

/** A service account is a user with an id of its own: only its name tells that a client acts for itself. */
function isServiceAccount({ preferred_username: name, azp, client_id: client }: Claims): boolean {
  const clientId = client ?? azp;
  return typeof clientId === "string" && name === `service-account-${clientId.toLowerCase()}`;
}
