import { jwt, type Provider } from "@mcp-authz/core";
import { assertSameResource } from "./dashboard-metadata.js";
import { type ScalekitOptions, settingsOf } from "./options.js";
import { sdkMaker } from "./sdk.js";
import { SdkSignatures } from "./sdk-signatures.js";

/**
 * Scalekit as the authorization server: tokens of one MCP server in one Scalekit environment.
 *
 * Verifies over the environment's published keys, which needs no secret and runs anywhere; given `sdk`, the
 * signatures are checked by `@scalekit-sdk/node`. What a token must say is the same in both.
 *
 * @example
 * scalekit()                                      // SCALEKIT_ENVIRONMENT_URL, SCALEKIT_RESOURCE_ID
 * scalekit({ environmentUrl: "https://acme.scalekit.com", resourceId: "res_92015146095" })
 *
 * @throws {OptionError} when an option is missing or cannot work.
 */
export function scalekit(options: ScalekitOptions = {}): Provider {
  const { environmentUrl, resourceId, issuers, audience, metadata, ...credentials } = settingsOf(options);
  const { sdk, clockTolerance, keySet, cache, revoked } = options;
  const make = sdk && sdkMaker(sdk, { environmentUrl, ...credentials, timeout: keySet?.timeout });
  const tokens = jwt({
    issuer: issuers,
    // Clients compare this with the server's metadata, whose issuer is the resource's, not the environment's.
    authorizationServers: [`${environmentUrl}/resources/${resourceId}`],
    audience,
    algorithms: ["RS256"],
    ...(make
      ? { signatures: (times) => new SdkSignatures(make, times) }
      : { jwksUri: `${environmentUrl}/keys` }),
    ...(clockTolerance !== undefined && { clockTolerance }),
    ...(keySet !== undefined && { keySet }),
    ...(cache !== undefined && { cache }),
    ...(revoked !== undefined && { revoked }),
  });
  return {
    authorizationServers: tokens.authorizationServers,
    ...(metadata && { metadata: metadata.published }),
    verifierFor(resource) {
      if (metadata) assertSameResource(metadata, resource);
      return tokens.verifierFor(resource);
    },
  };
}
