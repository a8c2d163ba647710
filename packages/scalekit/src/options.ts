import { type JwtOptions, OptionError } from "@mcp-authz/core";
import { assertAgreement, type DashboardMetadata, dashboardMetadataOf } from "./dashboard-metadata.js";
import { type Setting, settingOf, variables } from "./environment.js";
import { environmentUrlOf, isLoopback } from "./environment-url.js";
import { clientIdOf, clientSecretOf, isSecret, kindOf, resourceIdOf, shown } from "./identifiers.js";
import { type ScalekitSdk, sdkEnvironmentOf } from "./sdk.js";

/** What `scalekit()` may be told. Left out, an option is read from the environment variables named beside it. */
export interface ScalekitOptions extends Pick<JwtOptions, "clockTolerance" | "keySet" | "cache" | "revoked"> {
  /**
   * The environment's URL or custom domain, without a path: `https://acme.scalekit.com`.
   * `SCALEKIT_ENVIRONMENT_URL`, `SCALEKIT_ENV_URL`, `SK_ENV_URL`.
   */
  readonly environmentUrl?: string | undefined;
  /**
   * The id of the MCP server in Scalekit, `res_…`: the audience that every token must have (RFC 8707 §2).
   * `SCALEKIT_RESOURCE_ID`, `MCP_SERVER_ID`.
   */
  readonly resourceId?: string | undefined;
  /** Audiences to accept beside the resource id: the resource's URL, when tokens carry nothing else. */
  readonly audience?: string | readonly string[] | undefined;
  /**
   * Issuers to accept instead of the environment and its `/resources/<id>`, compared byte for byte
   * (RFC 8414 §3.3): for an environment whose tokens still carry another domain's name.
   */
  readonly issuers?: string | readonly string[] | undefined;
  /**
   * The dashboard's Metadata JSON, as text or parsed. Environment and resource id can come from it alone; where
   * they are given too, they must agree. `PROTECTED_RESOURCE_METADATA`.
   */
  readonly metadata?: string | Readonly<Record<string, unknown>> | undefined;
  /**
   * Verifies through `@scalekit-sdk/node` instead of the environment's key set: `new Scalekit(…)`, or a function
   * that makes one. Fresh instances are made of it to renew the keys, because an instance never does.
   */
  readonly sdk?: ScalekitSdk | (() => ScalekitSdk) | undefined;
  /** Handed to SDK instances, and used for nothing else. `SCALEKIT_CLIENT_ID`, `SK_CLIENT_ID`. */
  readonly clientId?: string | undefined;
  /** Handed to SDK instances, and used for nothing else. `SCALEKIT_CLIENT_SECRET`, `SK_CLIENT_SECRET`. */
  readonly clientSecret?: string | undefined;
}

/** The options, read and checked. */
export interface ScalekitSettings {
  readonly environmentUrl: string;
  readonly resourceId: string;
  readonly issuers: readonly string[];
  readonly audience: readonly string[];
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly metadata: DashboardMetadata | undefined;
}

const names: Record<keyof ScalekitOptions, true> = {
  environmentUrl: true,
  resourceId: true,
  audience: true,
  issuers: true,
  metadata: true,
  sdk: true,
  clientId: true,
  clientSecret: true,
  clockTolerance: true,
  keySet: true,
  cache: true,
  revoked: true,
};

/** @throws {OptionError} when they cannot work, or do not agree with each other. */
export function settingsOf(options: ScalekitOptions): ScalekitSettings {
  // A misspelt name would leave an environment variable in force, silently; what it holds may be a secret.
  for (const name of Object.keys(options))
    if (!Object.hasOwn(names, name))
      throw new OptionError(
        name,
        "…",
        `scalekit() has no such option. It takes ${Object.keys(names).join(", ")}.`,
      );
  const clientId = clientIdOf(settingOf("clientId", options.clientId));
  const clientSecret = clientSecretOf(settingOf("clientSecret", options.clientSecret));
  const metadataSetting = settingOf("metadata", options.metadata);
  const metadata = metadataSetting && dashboardMetadataOf(metadataSetting);

  const urlSetting =
    settingOf("environmentUrl", options.environmentUrl) ??
    derived(metadata?.environmentUrl, metadataSetting) ??
    derived(environmentOfSdk(options.sdk));
  if (urlSetting === undefined) throw unset("environmentUrl", "https://acme.scalekit.com");
  const environmentUrl = environmentUrlOf(urlSetting);
  if (metadata) assertAgreement(metadata, "environmentUrl", environmentUrl, urlSetting);

  const idSetting =
    settingOf("resourceId", options.resourceId) ?? derived(metadata?.resourceId, metadataSetting);
  if (idSetting === undefined) throw unset("resourceId", "res_…");
  const resourceId = resourceIdOf(idSetting);
  if (metadata) assertAgreement(metadata, "resourceId", resourceId, idSetting);

  return {
    environmentUrl,
    resourceId,
    // Scalekit moves from the first issuer to the second; tokens of both are about, and both stay good.
    // That of another resource is in neither, so its tokens are refused.
    issuers: issuersOf(options.issuers) ?? [environmentUrl, `${environmentUrl}/resources/${resourceId}`],
    audience: [resourceId, ...audienceOf(options.audience, environmentUrl)],
    clientId,
    clientSecret,
    metadata,
  };
}

function issuersOf(issuers: ScalekitOptions["issuers"]): readonly string[] | undefined {
  if (issuers === undefined) return undefined;
  const list = listOf(issuers);
  if (list.length === 0)
    throw new OptionError("issuers", issuers, "leave the option out, or name at least one issuer.");
  for (const issuer of list) {
    const url = typeof issuer === "string" && URL.canParse(issuer) ? new URL(issuer) : undefined;
    if (url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname))) continue;
    throw new OptionError(
      "issuers",
      shown(issuer),
      "write https URLs exactly as they stand in the tokens' iss claim; http is only for loopback.",
    );
  }
  return list as readonly string[];
}

function audienceOf(audience: ScalekitOptions["audience"], environmentUrl: string): readonly string[] {
  if (audience === undefined) return [];
  const list = listOf(audience);
  for (const entry of list) {
    const bad = (sentence: string) => new OptionError("audience", shown(entry), sentence);
    if (typeof entry !== "string" || entry === "" || /\s/.test(entry))
      throw bad("write the resource's URL as it stands in the tokens' aud claim, or leave the option out.");
    if (isSecret(entry)) throw bad("that is a secret; it belongs in no audience.");
    if (/^(prd_)?skc_|^m2m/.test(entry))
      throw bad(
        `that is ${kindOf(entry)}, the audience of ID tokens, and they are no access tokens; leave it out.`,
      );
    if (entry === environmentUrl || entry === `${environmentUrl}/`)
      throw bad(
        "that is the environment, and would let in tokens that were issued for its other servers; leave it out.",
      );
  }
  return list as readonly string[];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function derived(value: string | undefined, from?: Setting): Setting | undefined {
  return value === undefined ? undefined : { ...from, value };
}

function environmentOfSdk(sdk: ScalekitOptions["sdk"]): string | undefined {
  return typeof sdk === "object" ? sdkEnvironmentOf(sdk) : undefined;
}

function unset(option: "environmentUrl" | "resourceId", example: string): OptionError {
  return new OptionError(
    option,
    undefined,
    `set the environment variable ${variables[option][0]}, or write scalekit({ ${option}: "${example}" }), ` +
      "or hand over the dashboard's Metadata JSON as metadata.",
  );
}
