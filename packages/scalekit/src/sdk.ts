import { OptionError } from "@mcp-authz/core";

/**
 * What is used of a `Scalekit` instance of `@scalekit-sdk/node`. Structural: the SDK is never imported here,
 * so that whoever does not use it need not install it.
 */
export interface ScalekitSdk {
  /** Resolves to the claims, or throws: `ScalekitValidateTokenFailureException` for a token that is no good. */
  validateToken(token: string): Promise<unknown>;
  /** Builds a URL below the environment's; asks nobody. */
  getLogoutUrl?(): string;
}

/** What it takes to make instances that are like the given one. */
export interface SdkConstruction {
  readonly environmentUrl: string;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Seconds that a fetch of the keys may take. Default 5. */
  readonly timeout: number | undefined;
}

type SdkConstructor = new (
  environmentUrl: string,
  clientId: string,
  clientSecret: string,
  options: { timeoutMs: number },
) => ScalekitSdk;

/**
 * A maker of fresh SDK instances.
 *
 * An instance of the SDK (2.11) fetches the environment's keys once and keeps them for as long as it lives,
 * so keys can be renewed only by making another instance. `new Scalekit(url, id, secret, { timeoutMs })` asks
 * nobody and checks no credentials; `validateToken` uses none of them. The instance that the user passed is
 * left alone: once it has called Scalekit's API it would send its management token along with `GET /keys`.
 *
 * @throws {OptionError} when no further instances can be made, or they belong to another environment.
 */
export function sdkMaker(
  sdk: ScalekitSdk | (() => ScalekitSdk),
  construction: SdkConstruction,
): () => ScalekitSdk {
  const make = typeof sdk === "function" ? sdk : () => cloneOf(sdk, construction);
  const instead =
    'pass new Scalekit(…) of "@scalekit-sdk/node", or a function that returns a new one each time.';
  let first: ScalekitSdk;
  let second: ScalekitSdk;
  try {
    [first, second] = [make(), make()];
  } catch (error) {
    throw new OptionError("sdk", sdk, `no instance could be made of it (${messageOf(error)}); ${instead}`);
  }
  if (!isSdk(first) || !isSdk(second))
    throw new OptionError("sdk", typeof sdk, `that is no Scalekit client; ${instead}`);
  if (first === second)
    throw new OptionError(
      "sdk",
      sdk,
      "it returns the same instance each time, and an instance never renews its keys; pass () => new Scalekit(…).",
    );
  const environment = sdkEnvironmentOf(typeof sdk === "function" ? first : sdk);
  if (environment !== undefined && environment !== construction.environmentUrl)
    throw new OptionError(
      "sdk",
      environment,
      `that client is for another environment than "${construction.environmentUrl}"; make it with the same URL.`,
    );
  return make;
}

/** The environment that a client was made for, as its URLs tell. */
export function sdkEnvironmentOf(sdk: ScalekitSdk): string | undefined {
  const url = sdk.getLogoutUrl?.();
  return typeof url === "string" ? /^(.+?)\/+oidc\/logout$/.exec(url)?.[1] : undefined;
}

/** Whether the SDK says that the token is no good; whatever else it throws says that it could not find out. */
export function isTokenFailure(error: unknown): error is Error {
  // By name: `instanceof` would need the SDK's own class, of which there may be two copies.
  return error instanceof Error && error.name === "ScalekitValidateTokenFailureException";
}

function cloneOf(sdk: ScalekitSdk, construction: SdkConstruction): ScalekitSdk {
  const { environmentUrl, clientId = "unused", clientSecret = "unused", timeout = 5 } = construction;
  const Sdk = sdk.constructor as SdkConstructor;
  return new Sdk(environmentUrl, clientId, clientSecret, { timeoutMs: timeout * 1000 });
}

function isSdk(value: unknown): value is ScalekitSdk {
  return typeof (value as Partial<ScalekitSdk> | undefined)?.validateToken === "function";
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
