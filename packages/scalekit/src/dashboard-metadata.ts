import { OptionError, type ProtectedResourceMetadata, type Resource } from "@mcp-authz/core";
import { originOf, type Setting } from "./environment.js";

/** What the dashboard's Metadata JSON says (Dashboard > MCP Servers > your server > Metadata JSON). */
export interface DashboardMetadata {
  readonly environmentUrl: string;
  readonly resourceId: string;
  readonly resource?: string;
  /** The parts that are published: scopes, and what people may read. */
  readonly published: Partial<ProtectedResourceMetadata>;
  readonly setting: Setting;
}

/** @throws {OptionError} when it is not the document that the dashboard shows. */
export function dashboardMetadataOf(setting: Setting): DashboardMetadata {
  const document = documentOf(setting);
  const server = authorizationServerOf(document, setting);
  const { resource } = document;
  if (resource !== undefined && typeof resource !== "string")
    throw bad(setting, "metadata.resource", resource, "write the URL that it has in the dashboard.");
  return {
    ...server,
    ...(resource === undefined ? {} : { resource }),
    published: publishedOf(document, setting),
    setting,
  };
}

/**
 * The document must be the one of the server that the other options describe.
 * @throws {OptionError} naming the difference.
 */
export function assertAgreement(
  metadata: DashboardMetadata,
  option: "environmentUrl" | "resourceId",
  other: string,
  given: Setting,
): void {
  const own = metadata[option];
  if (own === other) return;
  const source = given.variable === undefined ? `Option "${option}"` : `The variable ${given.variable}`;
  throw bad(
    metadata.setting,
    "metadata.authorization_servers[0]",
    `${metadata.environmentUrl}/resources/${metadata.resourceId}`,
    `${source} says "${other}", this says "${own}". Copy both from the same MCP server of the same environment.`,
  );
}

/**
 * The document must be about the gate's resource.
 *
 * One trailing slash more or less is let pass: the document's `resource` is compared, but never sent or
 * used as an audience. What clients are told is the gate's own `resource`, byte for byte.
 * @throws {OptionError} naming the difference.
 */
export function assertSameResource(metadata: DashboardMetadata, resource: Resource): void {
  const own = metadata.resource;
  if (own === undefined || withoutSlash(own) === withoutSlash(resource.identifier)) return;
  throw bad(
    metadata.setting,
    "metadata.resource",
    own,
    `the gate's resource is "${resource.identifier}": they differ in ${difference(own, resource.identifier)}. ` +
      "Write the same URL in both: clients ask Scalekit for tokens under the gate's (RFC 8707), " +
      "and Scalekit knows the one that the dashboard calls Server URL.",
  );
}

function documentOf(setting: Setting): Readonly<Record<string, unknown>> {
  const copy = "copy it as it stands under Dashboard > MCP Servers > your server > Metadata JSON.";
  let document = setting.value;
  if (typeof document === "string") {
    try {
      document = JSON.parse(document);
    } catch {
      throw bad(setting, "metadata", setting.value, `that is not JSON; ${copy}`);
    }
  }
  if (typeof document !== "object" || document === null || Array.isArray(document))
    throw bad(setting, "metadata", setting.value, `that is not a JSON object; ${copy}`);
  return document as Record<string, unknown>;
}

function authorizationServerOf(
  document: Readonly<Record<string, unknown>>,
  setting: Setting,
): { environmentUrl: string; resourceId: string } {
  const form = '"https://<environment>/resources/res_…"';
  const servers = document.authorization_servers;
  if (!Array.isArray(servers) || servers.length !== 1)
    throw bad(
      setting,
      "metadata.authorization_servers",
      servers,
      `write exactly one authorization server, ${form}; tokens of others are not accepted here.`,
    );
  const [server] = servers as readonly unknown[];
  const wrong = (sentence: string) => bad(setting, "metadata.authorization_servers[0]", server, sentence);
  if (typeof server !== "string") throw wrong(`write ${form}.`);
  const [, environmentUrl, resourceId] =
    /^(https?:\/\/[^/?#<>\s]+)\/resources\/((?:res|app)_[A-Za-z0-9_-]+)$/.exec(server) ?? [];
  if (environmentUrl !== undefined && resourceId !== undefined) return { environmentUrl, resourceId };
  if (server.endsWith("/"))
    throw wrong(
      "leave out the trailing slash: clients compare this with the server's own issuer (RFC 8414 §3.3).",
    );
  if (/[<>]/.test(server)) throw wrong(`put the real values in place of the placeholders: ${form}.`);
  throw wrong(`write ${form}.`);
}

/** RFC 9728 §2: what is for people to read, and the scopes. Who we are and who issues tokens comes from the options. */
function publishedOf(
  document: Readonly<Record<string, unknown>>,
  setting: Setting,
): Partial<ProtectedResourceMetadata> {
  // RFC 9728 §3.2: a parameter without a value is left out.
  const published = Object.fromEntries(
    Object.entries(document).filter(
      ([name, value]) =>
        /^resource_(name|documentation|policy_uri|tos_uri)(#|$)/.test(name) && value !== "" && value !== null,
    ),
  );
  for (const [name, value] of Object.entries(published))
    if (typeof value !== "string") throw bad(setting, `metadata.${name}`, value, "write a string.");
  const scopes = scopesOf(document.scopes_supported, setting);
  return scopes.length === 0 ? published : { ...published, scopes_supported: scopes };
}

function scopesOf(scopes: unknown, setting: Setting): readonly string[] {
  if (scopes === undefined || scopes === null) return [];
  if (!Array.isArray(scopes))
    throw bad(
      setting,
      "metadata.scopes_supported",
      scopes,
      'write a list, for example ["todo:read", "todo:write"].',
    );
  for (const [index, scope] of (scopes as readonly unknown[]).entries())
    if (typeof scope !== "string" || !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope))
      throw bad(
        setting,
        `metadata.scopes_supported[${index}]`,
        scope,
        "write one scope, without spaces, quotes or backslashes (RFC 6749 §3.3).",
      );
  // A refresh token is between client and authorization server; no resource server asks for it
  // (MCP 2026-07-28 Authorization, Refresh Tokens).
  return [...new Set(scopes as readonly string[])].filter((scope) => scope !== "offline_access");
}

function difference(ours: string, theirs: string): string {
  try {
    const [a, b] = [new URL(ours), new URL(theirs)];
    if (a.protocol !== b.protocol) return `scheme ("${a.protocol}" and "${b.protocol}")`;
    if (a.host !== b.host) return `host ("${a.host}" and "${b.host}")`;
    if (a.pathname !== b.pathname) return `path ("${a.pathname}" and "${b.pathname}")`;
  } catch {
    // Not a URL: said below.
  }
  return "spelling";
}

function withoutSlash(url: string): string {
  return url.endsWith("/") ? url.slice(0, -1) : url;
}

function bad(setting: Setting, option: string, received: unknown, sentence: string): OptionError {
  return new OptionError(option, received, `${sentence}${originOf(setting)}`);
}
