import { OptionError } from "../../option-error.js";
import type { Provider } from "../../provider.js";
import { jwt } from "../jwt.js";
import { type PresetOptions, texts } from "./preset.js";

export interface EntraOptions extends PresetOptions {
  /** Directory (tenant) id: a GUID. */
  readonly tenantId: string;
  /** Application (client) id of the app registration that stands for this server: a GUID. */
  readonly clientId: string;
  /** Its Application ID URI. Default `api://<clientId>`. */
  readonly applicationIdUri?: string;
}

/**
 * One tenant of Microsoft Entra ID.
 *
 * Tokens carry short scope names, but clients must ask for qualified ones: write `api://<clientId>/todo.read` in the
 * policy, so that challenges name what Entra understands; tokens are read as having both.
 * Whether tokens are of version 1 or 2 is set in the app registration; both are accepted, with their own issuer and audience.
 *
 * @throws {OptionError}
 */
export function entra(given: EntraOptions): Provider {
  const { tenantId, clientId, applicationIdUri = `api://${clientId}`, ...options } = given;
  if (!isGuid(tenantId))
    throw new OptionError(
      "tenantId",
      tenantId,
      'write the id of one directory; "common" and its like would accept every tenant there is.',
    );
  if (!isGuid(clientId)) throw new OptionError("clientId", clientId, "write the Application (client) id.");
  const server = `https://login.microsoftonline.com/${tenantId}`;
  return jwt({
    authorizationServers: [`${server}/v2.0`],
    ...(options.verifyAudience ? {} : { audience: [clientId, applicationIdUri] }),
    ...(options.keys || options.signatures ? {} : { jwksUri: `${server}/discovery/v2.0/keys` }),
    claims: ({ tid, scp, sub, oid, appid, azp, idtyp }) => {
      const scopes = typeof scp === "string" ? scp.split(" ") : [];
      const client = azp ?? appid;
      return {
        // `oid` is the person here, and elsewhere an organization.
        ...(typeof tid === "string" && { organizationId: tid }),
        ...(typeof client === "string" && { clientId: client }),
        kind: idtyp === "app" || (scp === undefined && sub === oid) ? "client" : "person",
        scopes: texts([...scopes, ...scopes.map((scope) => `${applicationIdUri}/${scope}`)]),
      };
    },
    ...options,
    issuer: [`${server}/v2.0`, `https://sts.windows.net/${tenantId}/`],
  });
}

function isGuid(value: unknown): boolean {
  return typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}
