import { introspection, jwt, type McpAuthzOptions, type Provider } from "@mcp-authz/core";
import { createTokenMint, type TokenMint } from "../mint/token-mint.js";
import { policy, rules } from "./policies.js";
import type { Prefix } from "./prefix.js";
import type { Mints } from "./row.js";

/** Names of the options that servers under test are made with. */
export type SetupName =
  | "main"
  | "public operations"
  | "no baseline"
  | "hierarchy"
  | "rules"
  | "limits"
  | "loopback"
  | "hosts"
  | "bare origin"
  | "behind a proxy"
  | "strict tokens"
  | "open by default"
  | "filtered lists"
  | "introspection"
  | "introspection with a wrong secret"
  | "remembered introspection"
  | "two issuers"
  | "own keys"
  | "short-lived keys";

/** Where the issuers of a setup are: enough to make its options in another process. */
export interface Addresses {
  readonly issuer: string;
  /** `aud` of the tokens. */
  readonly audience: string;
  readonly jwksUri: string;
  readonly introspectionEndpoint: string;
  readonly partner: string;
}

/** What a server under test is made with; the handler comes from the contract. */
interface Setup {
  options(addresses: Addresses): McpAuthzOptions;
  /** Default: the issuer that most setups share. */
  mints?(audience: string): Promise<Mints>;
}

const resource = "https://mcp.example.com/mcp";

/** The main resource's tokens, wherever the server under test says that it is. */
const shared = ({ issuer, jwksUri, audience }: Addresses): Provider => jwt({ issuer, jwksUri, audience });

/** Asks about every token; every time, unless answers are remembered. */
const asking = (
  { issuer, audience, introspectionEndpoint: endpoint }: Addresses,
  clientSecret: string,
  cache: false | Record<never, never> = false,
): Provider =>
  introspection({ issuer, endpoint, audience, clientId: "mcp-server", clientSecret, cache, timeout: 0.3 });

const table: Readonly<Record<SetupName, Setup>> = {
  main: {
    options: ({ issuer, jwksUri }) => ({
      resource,
      provider: jwt({ issuer, jwksUri }),
      policy,
      origins: ["https://app.example.com", "vscode-webview://app"],
    }),
  },
  "public operations": {
    options: (addresses) => ({
      resource,
      provider: shared(addresses),
      policy: { ...policy, tools: { version: { public: true }, list_todos: "todo:read" } },
    }),
  },
  "no baseline": {
    options: (addresses) => ({
      resource,
      provider: shared(addresses),
      policy: { tools: { list_todos: [], create_todo: "todo:write" } },
      realm: "todo",
    }),
  },
  hierarchy: {
    options: (addresses) => ({
      resource,
      provider: shared(addresses),
      policy: { ...policy, tools: { ...policy.tools, purge: "todo:admin" } },
      implies: { "todo:admin": "todo:write", "todo:write": ["todo:read"] },
    }),
  },
  rules: {
    options: (addresses) => ({ resource, provider: shared(addresses), policy: { ...policy, tools: rules } }),
  },
  limits: {
    options: (addresses) => ({
      resource,
      provider: shared(addresses),
      policy,
      limits: { body: 1000, bodyTimeout: 150, token: 2000, batch: 3 },
    }),
  },
  loopback: {
    options: (addresses) => ({ resource: "http://127.0.0.1:3000/mcp", provider: shared(addresses), policy }),
  },
  hosts: {
    options: (addresses) => ({
      resource,
      provider: shared(addresses),
      policy,
      hosts: ["mcp.example.com", "internal.example.com:8443"],
    }),
  },
  "bare origin": {
    options: ({ issuer, jwksUri }) => ({
      resource: "https://mcp.example.com",
      path: "/mcp",
      provider: jwt({ issuer, jwksUri }),
      policy,
    }),
  },
  "behind a proxy": {
    options: (addresses) => ({
      resource: "https://api.example.com/tenants/a/mcp",
      path: "/mcp",
      provider: shared(addresses),
      policy,
      rootMetadata: false,
      cors: false,
      metadata: { resource_name: "Todo", resource_documentation: "https://docs.example.com" },
    }),
  },
  "strict tokens": {
    options: ({ issuer, jwksUri }) => ({
      resource,
      provider: jwt({
        issuer,
        jwksUri,
        algorithms: ["RS256"],
        typ: "at+jwt",
        maxLifetime: 3600,
        exclusiveAudience: true,
        revoked: ({ claims }) => claims["jti"] === "revoked",
      }),
      policy,
    }),
  },
  "open by default": {
    options: (addresses) => ({
      resource,
      provider: shared(addresses),
      policy: { baseline: "todo:read", unlisted: "baseline", resources: { "file:///secret": "todo:admin" } },
    }),
  },
  "filtered lists": {
    options: (addresses) => ({ resource, provider: shared(addresses), policy, lists: { filter: true } }),
  },
  introspection: {
    options: (addresses) => ({ resource, provider: asking(addresses, "s3cret"), policy }),
    mints: withClient,
  },
  "introspection with a wrong secret": {
    options: (addresses) => ({ resource, provider: asking(addresses, "guessed"), policy }),
    mints: withClient,
  },
  "remembered introspection": {
    options: (addresses) => ({ resource, provider: asking(addresses, "s3cret", {}), policy }),
    mints: withClient,
  },
  "two issuers": {
    options: ({ issuer, partner }) => ({ resource, provider: jwt({ issuer: [issuer, partner] }), policy }),
    async mints(audience) {
      const [mint, partner] = await Promise.all([light(audience), light(audience)]);
      return { mint, partner };
    },
  },
  "short-lived keys": {
    options: ({ issuer }) => ({ resource, provider: jwt({ issuer, keySet: { maxAge: 0.2 } }), policy }),
    async mints(audience) {
      const mint = await light(audience);
      return { mint, partner: mint };
    },
  },
  "own keys": {
    options: ({ issuer }) => ({ resource, provider: jwt({ issuer, keySet: { timeout: 0.3 } }), policy }),
    async mints(audience) {
      const mint = await light(audience);
      return { mint, partner: mint };
    },
  },
};

/** An issuer that is quick to make. */
const light = (audience: string): Promise<TokenMint> => createTokenMint({ audience, algorithms: ["ES256"] });

/** An issuer that asks for credentials before it says anything about a token, and another. */
async function withClient(audience: string): Promise<Mints> {
  const introspectionClient = { id: "mcp-server", secret: "s3cret" };
  const mint = createTokenMint({ audience, algorithms: ["ES256"], introspectionClient });
  return { mint: await mint, partner: await light(audience) };
}

const mains = new Map<string, Promise<Mints>>();

/** The issuer that most setups share, with one name in every run, so that expectations can be literal. */
function sharedMints(audience: string): Promise<Mints> {
  let mints = mains.get(audience);
  if (mints === undefined) {
    const made = createTokenMint({ issuer: "https://auth.example.com", audience, decoyKeys: true });
    mints = made.then((mint) => ({ mint, partner: mint }));
    mains.set(audience, mints);
  }
  return mints;
}

/** The issuers of a setup; those that are its own are to be closed after use. */
export async function mintsOf(setup: SetupName, prefix: Prefix): Promise<Mints & { close(): Promise<void> }> {
  const audience = prefix.text(resource);
  const own = table[setup].mints;
  if (own === undefined) return { ...(await sharedMints(audience)), close: async () => undefined };
  const mints = await own(audience);
  return {
    ...mints,
    close: () => Promise.all([mints.mint.close(), mints.partner.close()]).then(() => undefined),
  };
}

export function addressesOf({ mint, partner }: Mints): Addresses {
  const { issuer, audience, jwksUri, introspectionEndpoint } = mint;
  return { issuer, audience, jwksUri, introspectionEndpoint, partner: partner.issuer };
}

/** The options of a setup, without a handler. */
export function optionsOf(setup: SetupName, addresses: Addresses): McpAuthzOptions {
  // Refusals are what the contract asks for: nobody has to be told of them.
  return { ...table[setup].options(addresses), onEvent: () => undefined };
}
