import { OptionError } from "@mcp-authz/core";
import { originOf, type Setting } from "./environment.js";

const whereResourceIds =
  'the resource id ("res_…") stands beside the server\'s name under Dashboard > MCP Servers';

/** What else an id may be, by its prefix; the longest prefix first. */
const kinds: readonly (readonly [prefix: string, kind: string])[] = [
  ["prd_skc_", "the client id of an environment"],
  ["skc_", "the client id of an environment"],
  ["m2morg_", "the client id of an organization's API client"],
  ["m2m_", "the client id of an MCP client"],
  ["usrcnst_", "the id of a consent"],
  ["conn_", "the id of a connection"],
  ["org_", "the id of an organization"],
  ["env_", "the id of an environment"],
  ["usr_", "the id of a user"],
  ["ses_", "the id of a session"],
  ["tkn_", "the id of a token"],
  ["snk_", "the id of a signing key"],
  ["lri_", "the id of a login request"],
  ["res_", "a resource id"],
  ["app_", "a resource id"],
];

export function kindOf(value: string): string | undefined {
  return kinds.find(([prefix]) => value.startsWith(prefix))?.[1];
}

/** Client secrets and API tokens, which no message may repeat. */
export function isSecret(value: string): boolean {
  return /^(test|live|prod|sks?|skcs|apit|whsec)_/.test(value) || /^eyJ[\w-]+\./.test(value);
}

/** The value as a message may show it. */
export function shown(value: unknown): unknown {
  return typeof value === "string" && isSecret(value) ? `${value.split(/[_.]/, 1)[0]}_…` : value;
}

/**
 * The id under which Scalekit knows this MCP server; it is in the audience of every token issued for it.
 * @throws {OptionError} when it is anything else.
 */
export function resourceIdOf(setting: Setting): string {
  const { value } = setting;
  const bad = (sentence: string) =>
    new OptionError("resourceId", shown(value), `${sentence}${originOf(setting)}`);
  if (typeof value !== "string" || value === "")
    throw bad(`write the id of the MCP server; ${whereResourceIds}.`);
  if (/^(res|app)_[A-Za-z0-9_-]+$/.test(value)) return value;
  if (isSecret(value))
    throw bad(`that is a secret, and it belongs in no id. Rotate it if it was logged; ${whereResourceIds}.`);

  const bare = value.replace(/^[\s"']+|[\s"']+$/g, "");
  if (bare !== value && /^(res|app)_[A-Za-z0-9_-]+$/.test(bare))
    throw bad(`leave out the quotes and spaces around it: "${bare}".`);
  const inUrl = /\/resources\/((?:res|app)_[A-Za-z0-9_-]+)/.exec(value)?.[1];
  if (inUrl !== undefined) throw bad(`write the id alone, without the URL: "${inUrl}".`);
  if (/^https?:/i.test(value))
    throw bad(
      `that is a URL; the server's public URL belongs in the gate's "resource". Here, ${whereResourceIds}.`,
    );
  if (/^(res|app)_/.test(value)) throw bad(`that is a placeholder; ${whereResourceIds}.`);
  const kind = kindOf(value);
  if (kind !== undefined) throw bad(`that is ${kind}; ${whereResourceIds}.`);
  throw bad(`a resource id begins with "res_" (or "app_"); ${whereResourceIds}.`);
}

/** @throws {OptionError} when id and secret are swapped, or something else was pasted in. */
export function clientIdOf(setting: Setting | undefined): string | undefined {
  if (setting === undefined) return undefined;
  const { value } = setting;
  const bad = (sentence: string) =>
    new OptionError("clientId", shown(value), `${sentence}${originOf(setting)}`);
  if (typeof value !== "string" || value === "")
    throw bad('write the environment\'s client id ("skc_…"), or leave the option out.');
  if (isSecret(value))
    throw bad('that is a secret. It belongs in "clientSecret"; the client id begins with "skc_".');
  const kind = kindOf(value);
  if (kind !== undefined && !value.includes("skc_"))
    throw bad(
      `that is ${kind}; the environment's client id begins with "skc_" (Dashboard > Settings > API credentials).`,
    );
  return value;
}

/** @throws {OptionError} when an id stands where the secret belongs. The secret itself is never shown. */
export function clientSecretOf(setting: Setting | undefined): string | undefined {
  if (setting === undefined) return undefined;
  const { value } = setting;
  if (typeof value !== "string" || value === "")
    throw new OptionError(
      "clientSecret",
      value,
      `write the client secret, or leave the option out.${originOf(setting)}`,
    );
  const kind = kindOf(value);
  if (kind !== undefined)
    throw new OptionError(
      "clientSecret",
      value,
      `that is ${kind}, not a secret (Dashboard > Settings > API credentials).${originOf(setting)}`,
    );
  return value;
}
