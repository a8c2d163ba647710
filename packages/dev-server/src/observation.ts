import type { KoaContextWithOIDC, default as Provider } from "oidc-provider";
import type { Context } from "./context.js";
import type { McpServer } from "./environment.js";
import { shapeRegistration } from "./registration.js";
import type { RequestNotes } from "./request-log.js";
import { audience, oidcScope, subject } from "./token-claims.js";
import { breakSignature } from "./token-faults.js";

type Body = Record<string, unknown>;

/** Writes down what every request of this authorization server is about, and shapes its answers. */
export function observeAll(context: Context, server: McpServer | undefined, provider: Provider): void {
  provider.use((ctx, next) => observe(context, server, ctx as KoaContextWithOIDC, next));
  const failed = (ctx: KoaContextWithOIDC, error: Error): void => note(context, ctx, failure(error));
  provider
    .on("authorization.error", failed)
    .on("grant.error", failed)
    .on("registration_create.error", failed);
  provider.on("introspection.error", failed).on("revocation.error", failed).on("server_error", failed);
}

async function observe(
  context: Context,
  server: McpServer | undefined,
  ctx: KoaContextWithOIDC,
  next: () => Promise<unknown>,
): Promise<void> {
  await next();
  const { oidc } = ctx;
  if (oidc === undefined) return;
  const body = ctx.body as Body | undefined;
  if (server && oidc.route === "registration" && ctx.status === 201) {
    shapeRegistration(ctx, server, context.environment.resourceIndicator(server));
  }
  if (oidc.route === "token" && ctx.status === 200 && body) await shapeTokens(context, ctx, body);
  if (oidc.route === "introspection" && body?.active === true) shapeIntrospection(context, body);
  note(context, ctx, describe(context, ctx, body));
}

async function shapeTokens(context: Context, ctx: KoaContextWithOIDC, body: Body): Promise<void> {
  const scope = [oidcScope(ctx), body.scope].filter(Boolean).join(" ");
  if (scope !== "") body.scope = scope;
  note(context, ctx, { granted: scope });
  const { token: fault } = context.faults;
  const { AccessToken: user, ClientCredentials: machine } = ctx.oidc.entities;
  const audience = String((user ?? machine)?.aud);
  const isJwt = (user ?? machine)?.resourceServer?.accessTokenFormat === "jwt";
  if (fault && isJwt && context.environment.servers.has(audience)) {
    body.access_token = await breakSignature(fault, String(body.access_token));
  }
}

/** Opaque tokens say through introspection (RFC 7662) what JWTs say themselves. */
function shapeIntrospection({ environment, faults }: Context, body: Body): void {
  const server = environment.servers.get(String(body.aud));
  Object.assign(body, {
    iss: environment.tokenIssuer(server),
    ...(server ? { aud: audience(server) } : {}),
    ...(typeof body.sub === "string" ? { sub: subject(environment, body.sub) } : { sub: body.client_id }),
  });
  if (faults.token === "expired")
    for (const name of Object.keys(body)) if (name !== "active") delete body[name];
  if (faults.token === "expired") body.active = false;
  if (faults.token === "wrong_audience") body.aud = ["https://other.example/mcp"];
  if (faults.token === "wrong_issuer") body.iss = "https://other.example";
  if (faults.token === "no_scopes") body.scope = undefined;
  if (faults.token === "no_scopes") body.scopes = undefined;
}

function describe({ environment }: Context, ctx: KoaContextWithOIDC, body: Body | undefined): RequestNotes {
  const { params, client, account, session } = ctx.oidc;
  const machine = ctx.oidc.entities.ClientCredentials;
  const who = account?.accountId ?? machine?.clientId ?? session?.accountId;
  const notes: Record<string, string | undefined> = {
    clientId: client?.clientId ?? text(params?.client_id),
    subject: who === undefined ? undefined : subject(environment, who),
    resource: text(params?.resource),
    grantType: text(params?.grant_type),
    scope: text(params?.scope),
    ...(ctx.status >= 400
      ? { error: text(body?.error), errorDescription: text(body?.error_description) }
      : {}),
  };
  return Object.fromEntries(Object.entries(notes).filter(([, value]) => value !== undefined));
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** What an error of the protocol library means for the log: more than the caller is told. */
export function failure(error: unknown): RequestNotes {
  const { error: code, error_description: description, error_detail: detail } = error as Body;
  return {
    error: text(code) ?? "server_error",
    ...(text(description) === undefined ? {} : { errorDescription: String(description) }),
    ...(text(detail) === undefined ? {} : { detail: String(detail) }),
    ...(text(code) === undefined ? { detail: String(error) } : {}),
  };
}

export function note(context: Context, ctx: { readonly req: object }, notes: RequestNotes): void {
  Object.assign(context.notes.get(ctx.req) ?? {}, notes);
}
