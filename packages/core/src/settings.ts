import type { ChallengeSettings } from "./answers.js";
import { isRealm } from "./challenge.js";
import type { Dpop } from "./dpop.js";
import type { GateEvent } from "./events.js";
import { developmentLog, isDevelopment } from "./explanation.js";
import type { Facts } from "./facts.js";
import { metadataDocument, metadataOf } from "./metadata.js";
import { OptionError, stringsOf } from "./option-error.js";
import type { Limits, McpAuthzOptions } from "./options.js";
import { createOriginPolicy, type OriginPolicy } from "./origin.js";
import { createListing, type Listing, type ListOptions } from "./policy/listing.js";
import { createPolicy, type Policy } from "./policy/policy.js";
import type { Provider, TokenVerifier } from "./provider.js";
import { prepare } from "./readiness.js";
import { type Resource, resourceOf } from "./resource.js";
import { createSessionOwners, type SessionOwners } from "./session-owners.js";
import type { SharedStore } from "./shared-store.js";
import { createPlaces, type Place } from "./target.js";

/** The options, read and found to work. */
export interface Settings {
  readonly resource: Resource;
  readonly place: (target: string) => Place;
  readonly origins: OriginPolicy;
  readonly cors: boolean;
  readonly policy: Policy;
  readonly verifier: TokenVerifier;
  readonly challenge: ChallengeSettings;
  readonly document: string;
  readonly listing: Listing;
  readonly inBand: (facts: Facts) => boolean;
  readonly dpop: Dpop | undefined;
  /** The endpoint as clients write it: what a DPoP proof is for. */
  readonly endpointUrl: string;
  readonly owners: SessionOwners;
  readonly limits: Limits;
  /** Whether only the endpoint's own path is served, because the handler is ours to call. */
  readonly exclusive: boolean;
  readonly onEvent: ((event: GateEvent) => void) | undefined;
}

type Names<T> = Readonly<Record<keyof T, true>>;

/** `outside` is the fetch binding's own. */
const optionNames: Names<Required<McpAuthzOptions>> & { outside: true } = {
  resource: true,
  provider: true,
  policy: true,
  implies: true,
  path: true,
  realm: true,
  metadata: true,
  rootMetadata: true,
  origins: true,
  hosts: true,
  cors: true,
  lists: true,
  inBand: true,
  sessions: true,
  dpop: true,
  limits: true,
  onEvent: true,
  handler: true,
  outside: true,
};

const defaultLimits: Limits = { body: 4 * 1024 * 1024, bodyTimeout: 30_000, token: 8192, batch: 100 };

/**
 * Reads the options once, when the server starts.
 * @throws {OptionError} for whatever cannot work.
 */
export function settingsOf(given: McpAuthzOptions): Settings {
  const options = owned("options", given, optionNames, "write { resource, provider, policy }.");
  const resource = resourceOf(options.resource);
  const {
    provider,
    handler,
    realm = "OAuth",
    cors = true,
    rootMetadata = true,
    inBand = false,
    onEvent,
  } = options;
  if (typeof provider?.verifierFor !== "function")
    throw new OptionError(
      "provider",
      provider,
      "write who issues the tokens: scalekit(), jwt({ issuer }) or introspection({ … }).",
    );
  if (handler !== undefined && typeof handler?.fetch !== "function")
    throw new OptionError(
      "handler",
      handler,
      "pass what createMcpHandler returns, or another object with a fetch method; leave it out to serve by a route of your own.",
    );
  if (!isRealm(realm))
    throw new OptionError("realm", realm, 'use printable ASCII without ", \\ and = (RFC 6750 §3).');
  for (const [name, value] of Object.entries({ cors, rootMetadata }))
    if (typeof value !== "boolean") throw new OptionError(name, value, "write true or false.");
  if (typeof inBand !== "boolean" && typeof inBand !== "function")
    throw new OptionError(
      "inBand",
      inBand,
      "write true, false, or a function of the request that says when.",
    );
  if (onEvent !== undefined && typeof onEvent !== "function")
    throw new OptionError("onEvent", onEvent, "pass a function that takes an event.");
  const policy = createPolicy(
    policyOf(options),
    plain("implies", options.implies, 'write for example { "todo:write": "todo:read" }.'),
  );
  const path = pathOf(options.path, resource);
  return Object.freeze({
    resource,
    place: createPlaces(resource, path, rootMetadata),
    origins: createOriginPolicy(
      resource,
      stringsOf("origins", options.origins) ?? [],
      stringsOf("hosts", options.hosts),
    ),
    cors,
    policy,
    verifier: verifierOf(provider, resource),
    challenge: { realm, resourceMetadata: resource.metadataUrl, dpopAlgorithms: options.dpop?.algorithms },
    document: metadataDocument(
      metadataOf(
        resource,
        provider,
        policy,
        options.dpop,
        plain("metadata", options.metadata, "write RFC 9728's names."),
      ),
    ),
    listing: createListing(policy, listsOf(options.lists)),
    inBand: typeof inBand === "function" ? inBand : () => inBand,
    dpop: dpopOf(options.dpop),
    endpointUrl: resource.path === "/" ? `${resource.origin}${path}` : resource.identifier,
    owners: createSessionOwners(storeOf(options.sessions)),
    limits: limitsOf(options.limits),
    exclusive: handler !== undefined,
    onEvent: onEvent ?? (isDevelopment() ? developmentLog((line) => console.warn(line)) : undefined),
  });
}

/** A copy of what the object itself holds, without a prototype: a polluted one configures nothing. */
function plain<T extends object>(option: string, given: T | undefined, instead: string): T {
  if (given !== undefined && (typeof given !== "object" || given === null || Array.isArray(given)))
    throw new OptionError(option, given, instead);
  return Object.assign(Object.create(null), given);
}

/** The same, where every name is known: a misspelt one would leave something open. */
function owned<T extends object>(
  option: string,
  given: T | undefined,
  names: Names<Required<T>>,
  instead: string,
): T {
  const copy = plain(option, given, instead);
  const odd = Object.keys(copy).find((name) => !Object.hasOwn(names, name));
  const prefix = option === "options" ? "" : `${option}.`;
  if (odd !== undefined)
    throw new OptionError(
      `${prefix}${odd}`,
      copy[odd as keyof T],
      `there is no such option; there are ${Object.keys(names).join(", ")}.`,
    );
  return copy;
}

function policyOf({ policy }: McpAuthzOptions): McpAuthzOptions["policy"] {
  const example =
    'write a rule for each tool, for example { tools: { list_todos: "todo:read" } }, or { unlisted: "baseline" } to let every valid token do everything.';
  if (policy === undefined) throw new OptionError("policy", policy, example);
  return owned(
    "policy",
    policy,
    { baseline: true, tools: true, resources: true, prompts: true, methods: true, unlisted: true },
    example,
  );
}

function verifierOf(provider: Provider, resource: Resource): TokenVerifier {
  const verifier: TokenVerifier | undefined = provider.verifierFor(resource);
  if (typeof verifier?.verify !== "function")
    throw new OptionError(
      "provider",
      provider,
      "its verifierFor has to return an object with a verify method.",
    );
  prepare(provider, verifier);
  return verifier;
}

function pathOf(path: string | undefined, resource: Resource): string {
  if (path === undefined) return resource.path;
  if (
    typeof path !== "string" ||
    !/^\/[\x21\x24-\x3e\x40-\x5b\x5d-\x7e]*$/.test(path) ||
    /\/\/|\/\.{1,2}(\/|$)/.test(path)
  )
    throw new OptionError("path", path, 'write a path without query, for example "/mcp".');
  return path;
}

function listsOf(given: ListOptions | undefined): ListOptions {
  const lists = owned("lists", given, { filter: true, securitySchemes: true }, "write { filter: true }.");
  if (typeof lists.filter !== "boolean") stringsOf("lists.filter", lists.filter);
  return lists;
}

function storeOf(store: SharedStore | undefined): SharedStore | undefined {
  const methods = ["get", "set", "delete"] as const;
  if (store !== undefined && !methods.every((method) => typeof store?.[method] === "function"))
    throw new OptionError("sessions", store, "pass a store with get, set and delete, for example a Keyv.");
  return store;
}

function dpopOf(dpop: Dpop | undefined): Dpop | undefined {
  if (dpop !== undefined && (typeof dpop?.verify !== "function" || !Array.isArray(dpop.algorithms)))
    throw new OptionError("dpop", dpop, "pass what dpop() of @mcp-authz/core/dpop returns, or leave it out.");
  return dpop;
}

function limitsOf(given: Partial<Limits> | undefined): Limits {
  const limits = owned(
    "limits",
    given,
    { body: true, bodyTimeout: true, token: true, batch: true },
    "write for example { body: 1048576 }.",
  );
  for (const [name, value] of Object.entries(limits))
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0))
      throw new OptionError(`limits.${name}`, value, "write a whole number above zero.");
  return Object.freeze({
    ...defaultLimits,
    ...Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined)),
  });
}
