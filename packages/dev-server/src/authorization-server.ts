import type {
  AdapterFactory,
  ClientCredentials,
  Configuration,
  KoaContextWithOIDC,
  default as Provider,
  ResourceServer,
} from "oidc-provider";
import { interactionPolicy } from "./approval.js";
import { isLoopbackClientId, isPublicHost, loopbackClient, redirectUriFault } from "./client-metadata.js";
import type { Context } from "./context.js";
import type { Environment, McpServer } from "./environment.js";
import type { SigningKey } from "./keys.js";
import { failure, note, observeAll } from "./observation.js";
import { protocolErrorAnswer } from "./pages/error.js";
import { findPrincipal } from "./principal.js";
import { resourceIndicators } from "./resource-servers.js";
import { extraClaims, shapeJwt } from "./token-claims.js";
import { registerTokenExchange } from "./token-exchange.js";
import { breakClaims } from "./token-faults.js";

/**
 * One authorization server of the protocol library: of the environment, or of one MCP server, whose issuer
 * and clients are its own. They share keys, grants, sessions and users, so one may finish what another began,
 * and each can be thrown away and built anew when its settings change.
 */
export function createAuthorizationServer(
  context: Context,
  server: McpServer | undefined,
  key: SigningKey,
): Provider {
  const { library, environment, faults } = context;
  const provider = new library.Provider(environment.metadataIssuer(server), {
    ...protocol(context, server),
    ...people(context, server),
    adapter: adapter(context, server),
    jwks: { keys: [key.privateJwk] },
    features: features(context, server),
    ttl: lifetimes(context, server),
    formats: {
      customizers: {
        jwt: (ctx, token, parts) => {
          const target = targetServer(environment, token.resourceServer?.identifier());
          const issuedAt = Math.floor(context.clock().getTime() / 1000) + faults.clockOffset;
          shapeJwt({ environment, server: target, issuedAt }, ctx, parts);
          if (faults.token && target) breakClaims(faults.token, parts);
        },
      },
    },
  });
  provider.proxy = context.proxied;
  registerTokenExchange(context, server, provider);
  observeAll(context, server, provider);
  return provider;
}

function protocol(context: Context, server: McpServer | undefined): Configuration {
  const suffix = new URL(context.environment.url).port || "0";
  return {
    scopes: ["openid", "offline_access", "profile", "email"],
    claims: { openid: ["sub", "oid"], profile: ["name"], email: ["email"] },
    responseTypes: ["code"],
    clientAuthMethods: ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"],
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
      keys: [context.secret],
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

function people(context: Context, server: McpServer | undefined): Configuration {
  const { environment } = context;
  return {
    findAccount: (_ctx, accountId) => {
      const principal = findPrincipal(environment, accountId);
      if (!principal) return undefined;
      const { id: sub, email, name } = principal.user;
      return {
        accountId,
        claims: () => ({ sub, email, name: name ?? email, oid: principal.organizationId }),
      };
    },
    interactions: {
      url: (_ctx, interaction) => `/interactions/${interaction.uid}`,
      policy: interactionPolicy(context, server),
    },
    renderError: (ctx, out, error) => {
      note(context, ctx, failure(error));
      protocolErrorAnswer(ctx, out);
    },
  };
}

function features(context: Context, server: McpServer | undefined): Configuration["features"] {
  const { environment, library } = context;
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    dPoP: { enabled: true },
    registration: {
      enabled: server?.dcr === true,
      idFactory: () => environment.identifiers("m2m"),
      issueRegistrationAccessToken: false,
    },
    revocation: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) => {
        // As Scalekit has it: who cannot authenticate cannot revoke.
        if (client.clientAuthMethod === "none")
          throw new library.errors.InvalidClient("client authentication is required");
        return client.clientId === token.clientId;
      },
    },
    introspection: { enabled: true, allowedPolicy: (_ctx, client) => client.clientAuthMethod !== "none" },
    clientIdMetadataDocument: {
      enabled: server?.cimd ?? [...environment.servers.values()].some((other) => other.cimd),
      ack: "draft-02",
      allowFetch: (_ctx, id) => id in context.clientMetadata || isPublicHost(id),
      allowClient: (_ctx, client) =>
        (client.redirectUris ?? []).every((uri) => redirectUriFault(uri) === undefined),
    },
    resourceIndicators: resourceIndicators(context, server),
  };
}

function targetServer(environment: Environment, indicator: string | undefined): McpServer | undefined {
  return indicator === undefined ? undefined : environment.findServer(indicator);
}

function lifetimes(context: Context, server: McpServer | undefined): Configuration["ttl"] {
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
function adapter(context: Context, server: McpServer | undefined): AdapterFactory {
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
        environment.putClient({ id, source: "dcr", ...(server ? { serverId: server.id } : {}), metadata });
      },
      destroy: async (id) => void environment.remove("clients", id),
    };
  };
}
