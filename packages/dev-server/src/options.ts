/** What a user may say to {@link createDevServer}. Everything is optional. */
export interface DevServerOptions {
  /** Port to listen on; `0`, the default, takes any free one. */
  readonly port?: number;
  /** Loopback host name or address to listen on and to appear in URLs. Default `127.0.0.1`. */
  readonly host?: "127.0.0.1" | "localhost" | "::1";
  /**
   * Address to bind instead of a loopback one. Everybody who reaches it can log in as any test user:
   * only for containers and throw-away networks.
   */
  readonly dangerouslyHost?: string;
  /** The environment URL that others see, where a proxy or tunnel stands in front. Default: the bound address. */
  readonly publicUrl?: string;
  /** MCP servers that are registered from the start. More with {@link DevServer.registerServer}. */
  readonly servers?: readonly DevMcpServer[];
  /** Who can log in. Default: two test users in two organizations. */
  readonly users?: readonly DevUser[];
  /** Names for organizations. Those that only a user mentions need not be here. */
  readonly organizations?: readonly DevOrganization[];
  /** Clients that are registered from the start: machine clients, or clients with a fixed id. */
  readonly clients?: readonly DevClient[];
  /**
   * How an authorization request is approved:
   * - `"page"` (default): a page in the browser;
   * - `"auto"`: at once, with every scope asked for; `login_hint=<email>` in the request chooses the user;
   * - a function that decides in code.
   */
  readonly approve?: "page" | "auto" | Approve;
  /** What metadata and tokens say about their issuer; see {@link IssuerPhase}. Default `"transition"`. */
  readonly issuerPhase?: IssuerPhase;
  /**
   * Accept `http://` client identifiers on loopback addresses as Client ID Metadata Documents. The standard
   * demands https; this is for developing a client on the same machine. Default `false`.
   */
  readonly loopbackClientMetadata?: boolean;
  /** Client ID Metadata Documents to use instead of fetching them, by URL: for tests without a network. */
  readonly clientMetadata?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /**
   * File that keeps everything, signing keys and refresh tokens included, so that a restart loses nothing; its
   * content wins over `servers`, `users` and `clients`. Default: nothing is kept.
   */
  readonly file?: string;
  /** Count identifiers instead of drawing them, so that every run has the same. Not with `file`. Default `false`. */
  readonly deterministic?: boolean;
  /** The time that tokens are issued at. Default: now. */
  readonly clock?: () => Date;
  /** Print what this server is, loudly, to standard error. Default `true`. */
  readonly banner?: boolean;
}

/**
 * Scalekit moves from one issuer for an environment to one issuer for each MCP server:
 *
 * | phase | `issuer` in metadata | `iss` in tokens |
 * | --- | --- | --- |
 * | `legacy` | environment | environment |
 * | `transition` | `…/resources/<id>` | environment |
 * | `resource` | `…/resources/<id>` | `…/resources/<id>` |
 */
export type IssuerPhase = "legacy" | "transition" | "resource";

/** An MCP server, as one registers it in the dashboard. */
export interface DevMcpServer {
  /** `res_…`; made up when left out. */
  readonly id?: string;
  readonly name: string;
  /** The Server URL: the MCP endpoint as clients type it. It becomes an audience of every token. */
  readonly url?: string;
  readonly scopes?: readonly (string | DevScope)[];
  /** Dynamic Client Registration (RFC 7591). Default `true`. */
  readonly dcr?: boolean;
  /** Client ID Metadata Documents. Default `true`. */
  readonly cimd?: boolean;
  /** Seconds that an access token lives. Default 3600. */
  readonly accessTokenLifetime?: number;
  /** Seconds that a refresh token lives. Default 86400. */
  readonly refreshTokenLifetime?: number;
  /** `"opaque"` tokens must be introspected (RFC 7662). Default `"jwt"`. */
  readonly accessTokenFormat?: "jwt" | "opaque";
  /**
   * Grant no scope that is not among the user's permissions. A step-up for such a scope can then never succeed.
   * Default `false`.
   */
  readonly intersectScopesUserPermission?: boolean;
  /** Send people to your own login page, which reports back with `updateLoginUserDetails`. */
  readonly customLogin?: DevCustomLogin;
}

/** Scalekit's *custom auth*: your own login page in front of an MCP server. */
export interface DevCustomLogin {
  /** `conn_…`; made up when left out. */
  readonly connectionId?: string;
  /** Your login page. It gets `login_request_id` and `state` in the query. */
  readonly url: string;
}

export interface DevScope {
  readonly name: string;
  readonly description?: string;
}

/** A person who can log in. */
export interface DevUser {
  /** `usr_…`; made up when left out. */
  readonly id?: string;
  readonly email: string;
  readonly name?: string;
  /** `org_…`; appears as `oid` in tokens. */
  readonly organizationId?: string;
  /** Further organizations: whoever has some is asked which one to log in to. */
  readonly otherOrganizationIds?: readonly string[];
  readonly roles?: readonly string[];
  readonly permissions?: readonly string[];
  /** Your own id for the user; appears as `xuid` in tokens. */
  readonly externalId?: string;
  /** Appear as `custom_claims` in tokens. */
  readonly customClaims?: Readonly<Record<string, unknown>>;
}

/** A tenant of yours. */
export interface DevOrganization {
  /** `org_…`; made up when left out. */
  readonly id?: string;
  readonly name: string;
  /** Your own id for the organization; appears as `xoid` in tokens. */
  readonly externalId?: string;
}

/** A client that was registered by hand. */
export interface DevClient {
  /** `m2m_…` for a client of one MCP server, `skc_…` for one of the environment; made up when left out. */
  readonly id?: string;
  readonly name?: string;
  /** Given: a confidential client, which may use client credentials. Left out: a public client. */
  readonly secret?: string;
  /** Given: the client authenticates with a signed assertion (RFC 7523, `private_key_jwt`) by one of these keys. */
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
  /** Given: the client may send people through the authorization code flow. */
  readonly redirectUris?: readonly string[];
  /** Id or URL of the only MCP server that it may use. Left out: a client of the environment, for all of them. */
  readonly server?: string;
  /** The only scopes that it may have. Left out: all. */
  readonly scopes?: readonly string[];
  readonly organizationId?: string;
  readonly roles?: readonly string[];
  readonly permissions?: readonly string[];
  /** Given: the client may exchange tokens that others sent it (RFC 8693). It then needs a secret or keys. */
  readonly tokenExchange?: DevTokenExchange;
}

/** Which tokens a client may exchange, and for what. */
export interface DevTokenExchange {
  /** Id or URL of the MCP server that the client acts for: only tokens for it can be exchanged. */
  readonly from: string;
  /** Ids or URLs of the servers whose tokens it may get for them, and of no others. */
  readonly to: readonly string[];
}

/** What an {@link Approve} function is asked. */
export interface ApprovalRequest {
  readonly clientId: string;
  readonly clientName?: string;
  readonly redirectUri: string;
  /** The MCP server in question; `undefined` for the environment itself. */
  readonly server?: { readonly id: string; readonly name: string; readonly url?: string };
  /** The scopes asked for, without those that the server does not have. */
  readonly scopes: readonly string[];
  readonly loginHint?: string;
}

/** Who logs in, and what they grant. */
export type Approval =
  | { readonly user?: string; readonly scopes?: readonly string[] }
  | { readonly denied: string };

/** Decides an authorization request in code. `user` is an e-mail address or a `usr_…` id. */
export type Approve = (request: ApprovalRequest) => Approval | Promise<Approval>;
