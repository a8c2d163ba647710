import { randomBytes } from "node:crypto";
import type {
  AdapterFactory,
  ClientCredentials,
  Configuration,
  KoaContextWithOIDC,
  default as Provider,
  ResourceServer,
} from "oidc-provider";
import { approvalPolicy } from "./approval.js";
import { isLoopbackClientId, isPublicHost, loopbackClient, redirectUriFault } from "./client-metadata.js";
import type { Environment, McpServer } from "./environment.js";
import type { SigningKey, SigningKeys } from "./keys.js";
import type { Approve } from "./options.js";
import { protocolErrorAnswer } from "./pages/error.js";
import type { ProtocolLibrary } from "./protocol-library.js";
import { shapeRegistration } from "./registration.js";
import type { RequestNotes } from "./request-log.js";
import type { Store } from "./store.js";
import { extraClaims, oidcScope, shapeJwt } from "./token-claims.js";

/** What every authorization server of an environment shares. */
export interface AuthorizationServerContext {
  readonly library: ProtocolLibrary;
  readonly environment: Environment;
  readonly keys: SigningKeys;
  readonly store: Store;
  readonly cookieKeys: readonly string[];
  readonly approve: "page" | Approve;
  readonly loopbackClientMetadata: boolean;
  readonly clientMetadata: Readonly<Record<string, unknown>>;
  readonly notes: WeakMap<object, RequestNotes>;
  clockOffset(): number;
}

/**
 * One authorization server of the protocol library: of the environment, or of one MCP server, whose issuer
 * and clients are its own. They share keys, grants, sessions and users, so one may finish what another began,
 * and each can be thrown away and built anew when its settings change.
 */
export function createAuthorizationServer(
  context: AuthorizationServerContext,
  server: McpServer | undefined,
  key: SigningKey,
): Provider {
  const { library, environment } = context;
  const provider = new library.Provider(environment.metadataIssuer(server), {
    ...protocol(context, server),
    ...people(context),
    adapter: adapter(context, server),
    jwks: { keys: [key.privateJwk] },
    features: features(context, server),
    ttl: lifetimes(context, server),
    formats: {
      customizers: {
        jwt: (ctx, token, parts) => {
          const target = targetServer(environment, token.resourceServer?.identifier());
          shapeJwt({ environment, server: target, clockOffset: context.clockOffset() }, ctx, parts);
        },
      },
    },
  });
  provider.proxy = true;
  provider.use((ctx, next) => observe(context, server, ctx as KoaContextWithOIDC, next));
  const failed = (ctx: KoaContextWithOIDC, error: Error): void => note(context, ctx, failure(error));
  provider
    .on("authorization.error", failed)
    .on("grant.error", failed)
    .on("registration_create.error", failed);
  provider.on("introspection.error", failed).on("revocation.error", failed).on("server_error", failed);
  return provider;
}

function protocol(context: AuthorizationServerContext, server: McpServer | undefined): Configuration {
  const suffix = new URL(context.environment.url).port || "0";
  return {
    scopes: ["openid", "offline_access", "profile", "email"],
    claims: { openid: ["sub", "oid"], profile: ["name"], email: ["email"] },
    responseTypes: ["code"],
    clientAuthMethods: ["none", "client_secret_basic", "client_secret_post"],
    clientDefaults: {
      application_type: "native",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
    },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    clientBasedCORS: () => true,
    cookies: {
      // Cookies do not know ports: two environments on one machine must not take each other's.
      names: {
        session: `_session_${suffix}`,
        interaction: `_interaction_${suffix}`,
        resume: `_resume_${suffix}`,
      },
      keys: [...context.cookieKeys],
    },
    routes: {
      authorization: "/oauth/authorize",
      token: "/oauth/token",
      registration: "/oauth/register",
      revocation: "/oauth/revoke",
      introspection: "/oauth/introspect",
      userinfo: "/userinfo",
      end_session: "/oidc/logout",
      jwks: "/keys",
    },
    extraTokenClaims: (_ctx, token) => extraClaims(context.environment, token),
    fetch: async (url, options) => {
      const known = server ? context.clientMetadata[String(url)] : undefined;
      return known === undefined ? fetch(url, options) : Response.json(known);
    },
  };
}

function people(context: AuthorizationServerContext): Configuration {
  const { environment, library, approve } = context;
  return {
    findAccount: (_ctx, id) => {
      const user = environment.users.get(id);
      if (!user) return undefined;
      const { email, name, organizationId } = user;
      return { accountId: id, claims: () => ({ sub: id, email, name: name ?? email, oid: organizationId }) };
    },
    interactions: {
      url: (_ctx, interaction) => `/interactions/${interaction.uid}`,
      ...(approve === "page" ? {} : { policy: approvalPolicy(library, environment, approve) }),
    },
    renderError: (ctx, out, error) => {
      note(context, ctx, failure(error));
      protocolErrorAnswer(ctx, out);
    },
  };
}

function features(
  context: AuthorizationServerContext,
  server: McpServer | undefined,
): Configuration["features"] {
  const { environment } = context;
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    registration: {
      enabled: server?.dcr === true,
      idFactory: () => environment.identifiers("m2m"),
      issueRegistrationAccessToken: false,
    },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => client.clientId === token.clientId },
    introspection: { enabled: true, allowedPolicy: (_ctx, client) => client.clientAuthMethod !== "none" },
    clientIdMetadataDocument: {
      enabled: server?.cimd ?? [...environment.servers.values()].some((other) => other.cimd),
      ack: "draft-02",
      allowFetch: (_ctx, id) => id in context.clientMetadata || isPublicHost(id),
      allowClient: (_ctx, client) =>
        (client.redirectUris ?? []).every((uri) => redirectUriFault(uri) === undefined),
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx, client, oneOf) =>
        oneOf ?? defaultResource(environment, server, client?.clientId),
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx, indicator, client) =>
        resourceServer(context, server, indicator, client.clientId),
    },
  };
}

/** Without `resource`, a client of one MCP server means that server; others mean the environment. */
function defaultResource(
  environment: Environment,
  server: McpServer | undefined,
  clientId: string | undefined,
): string {
  const owner = environment.clients.get(clientId ?? "")?.serverId;
  const meant = server ?? (owner === undefined ? undefined : environment.servers.get(owner));
  return meant ? environment.resourceIndicator(meant) : environment.url;
}

function resourceServer(
  context: AuthorizationServerContext,
  server: McpServer | undefined,
  indicator: string,
  clientId: string,
): ResourceServer {
  const { environment, library } = context;
  const record = environment.clients.get(clientId);
  const jwt = { accessTokenFormat: "jwt", jwt: { sign: { alg: "RS256" } } } as const;
  if (!server && indicator === environment.url) return { scope: "", audience: clientId, ...jwt };
  const target = environment.findServer(indicator);
  const foreign = target && server && target.id !== server.id;
  const forbidden = target && record?.serverId !== undefined && record.serverId !== target.id;
  if (!target || foreign || forbidden) {
    throw new library.errors.InvalidTarget(
      "resource indicator is not an MCP server that this client may use",
    );
  }
  const scopes = target.scopes.map((scope) => scope.name);
  const allowed = record?.scopes ? scopes.filter((scope) => record.scopes?.includes(scope)) : scopes;
  return {
    scope: allowed.join(" "),
    audience: target.id,
    accessTokenTTL: target.accessTokenLifetime,
    ...jwt,
  };
}

function targetServer(environment: Environment, indicator: string | undefined): McpServer | undefined {
  return indicator === undefined ? undefined : environment.findServer(indicator);
}

function lifetimes(context: AuthorizationServerContext, server: McpServer | undefined): Configuration["ttl"] {
  const access = (_ctx: unknown, token: { resourceServer?: ResourceServer | undefined }): number =>
    token.resourceServer?.accessTokenTTL ?? 3600;
  return {
    AccessToken: access,
    ClientCredentials: (ctx: KoaContextWithOIDC, token: ClientCredentials) => access(ctx, token),
    AuthorizationCode: 60,
    RefreshToken: (_ctx, token) => {
      const resource = [token.resource ?? []].flat()[0];
      return (targetServer(context.environment, resource) ?? server)?.refreshTokenLifetime ?? 86_400;
    },
    IdToken: 3600,
    Interaction: 3600,
    Session: 86_400,
    Grant: 14 * 86_400,
  };
}

/** Clients are the environment's; everything else is kept in the store. */
function adapter(context: AuthorizationServerContext, server: McpServer | undefined): AdapterFactory {
  const { environment, store } = context;
  return (model) => {
    const base = store.adapter(model);
    if (model !== "Client") return base;
    return {
      ...base,
      find: async (id) => {
        if (context.loopbackClientMetadata && isLoopbackClientId(id)) return loopbackClient(id);
        const record = environment.clients.get(id);
        const foreign = server && record?.serverId !== undefined && record.serverId !== server.id;
        return foreign ? undefined : record?.metadata;
      },
      upsert: async (id, metadata) => {
        const serverId = server ? { serverId: server.id } : {};
        environment.clients.set(id, { id, source: "dcr", ...serverId, metadata });
      },
      destroy: async (id) => void environment.clients.delete(id),
    };
  };
}

/** Notes for the log what a request was about, and gives responses Scalekit's shape. */
async function observe(
  context: AuthorizationServerContext,
  server: McpServer | undefined,
  ctx: KoaContextWithOIDC,
  next: () => Promise<unknown>,
): Promise<void> {
  await next();
  const { oidc } = ctx;
  if (oidc === undefined) return;
  const body = ctx.body as Record<string, unknown> | undefined;
  if (server && oidc.route === "registration" && ctx.status === 201) {
    shapeRegistration(ctx, server, context.environment.resourceIndicator(server));
  }
  if (oidc.route === "token" && ctx.status === 200 && body) {
    const scope = [oidcScope(ctx), body.scope].filter(Boolean).join(" ");
    if (scope !== "") body.scope = scope;
    note(context, ctx, { granted: scope });
  }
  note(context, ctx, describe(ctx, body));
}

function describe(ctx: KoaContextWithOIDC, body: Record<string, unknown> | undefined): RequestNotes {
  const { params, client, account } = ctx.oidc;
  const token = ctx.oidc.entities.ClientCredentials;
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  const notes: Record<string, string | undefined> = {
    clientId: client?.clientId ?? text(params?.client_id),
    subject: account?.accountId ?? token?.clientId ?? ctx.oidc.session?.accountId,
    resource: text(params?.resource),
    grantType: text(params?.grant_type),
    scope: text(params?.scope),
    ...(ctx.status >= 400
      ? { error: text(body?.error), errorDescription: text(body?.error_description) }
      : {}),
  };
  return Object.fromEntries(Object.entries(notes).filter(([, value]) => value !== undefined));
}

function failure(error: unknown): RequestNotes {
  const {
    error: code,
    error_description: description,
    error_detail: detail,
  } = error as Record<string, unknown>;
  return {
    error: String(code ?? "server_error"),
    ...(typeof description === "string" ? { errorDescription: description } : {}),
    ...(typeof detail === "string" ? { detail } : {}),
  };
}

function note(context: AuthorizationServerContext, ctx: { readonly req: object }, notes: RequestNotes): void {
  Object.assign(context.notes.get(ctx.req) ?? {}, notes);
}

/** Keys that sign the cookies of one environment. */
export function newCookieKeys(): readonly string[] {
  return [randomBytes(24).toString("base64url")];
}
