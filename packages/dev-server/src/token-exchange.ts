import type {
  AccessToken,
  default as Provider,
  ResourceServerInstance,
  TokenEndpointGrantContext,
} from "oidc-provider";
import { setActor } from "./actor.js";
import type { Context } from "./context.js";
import type { McpServer } from "./environment.js";
import type { DevTokenExchange } from "./options.js";
import { resourceServer } from "./resource-servers.js";
import { subjectOf } from "./subject-token.js";
import { extraClaims } from "./token-claims.js";

/** RFC 8693 section 2.1. */
export const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

const PARAMETERS = [
  "subject_token",
  "subject_token_type",
  "actor_token",
  "requested_token_type",
  "audience",
  "resource",
  "scope",
] as const;

type Parameters = Readonly<Partial<Record<(typeof PARAMETERS)[number], string>>>;
type ExchangeContext = TokenEndpointGrantContext<Parameters>;

/**
 * Lets clients that may do so turn a token that somebody sent them into one for an API behind them: same person,
 * another audience, and in `act` who it is that calls there.
 */
export function registerTokenExchange(
  context: Context,
  own: McpServer | undefined,
  provider: Provider,
): void {
  provider.registerGrantType<Parameters>(TOKEN_EXCHANGE, (ctx) => exchange(context, own, ctx), PARAMETERS);
}

async function exchange(context: Context, own: McpServer | undefined, ctx: ExchangeContext): Promise<void> {
  const { environment, library } = context;
  const { client, params, provider } = ctx.oidc;
  const allowed = environment.clients.get(client.clientId)?.tokenExchange;
  const from = environment.findServer(allowed?.from ?? "");
  if (!allowed || !from) throw new library.errors.UnauthorizedClient("this client may not exchange tokens");
  checkTypes(context, params);
  const subject = await subjectOf(context, provider, params.subject_token ?? "", from);
  const indicator = targetOf(context, params, allowed);
  const info = resourceServer(context, own, indicator, client.clientId);
  const target = new provider.ResourceServer(indicator, info);
  const left = subject.expiresAt - Math.floor(context.clock().getTime() / 1000);
  const token = new provider.AccessToken({
    client,
    accountId: subject.accountId,
    // The person granted nothing to this client: the token ends by itself, soon, and is not among the consents.
    grantId: "",
    gty: "token_exchange",
    expiresIn: Math.min(info.accessTokenTTL ?? left, left),
    resourceServer: target,
  });
  token.scope = grantedScopes(context, target, params.scope, token);
  setActor(token, { sub: client.clientId, ...(subject.actor ? { act: subject.actor } : {}) });
  ctx.oidc.entity("AccessToken", token);
  const value = await token.save();
  ctx.body = {
    access_token: value,
    issued_token_type: ACCESS_TOKEN,
    token_type: token.tokenType,
    expires_in: token.expiration,
    scope: token.scope || undefined,
  };
}

function checkTypes({ library }: Context, params: Parameters): void {
  const refuse = (why: string): never => {
    throw new library.errors.InvalidRequest(why);
  };
  if (!params.subject_token) refuse("missing required parameter 'subject_token'");
  if (params.subject_token_type !== ACCESS_TOKEN) refuse(`subject_token_type must be ${ACCESS_TOKEN}`);
  if ((params.requested_token_type ?? ACCESS_TOKEN) !== ACCESS_TOKEN)
    refuse(`requested_token_type must be ${ACCESS_TOKEN}`);
  if (params.actor_token !== undefined) refuse("actor_token is not supported: the client is the actor");
}

/** The one server that is named, by `resource` or by `audience`, among those that the client may ask for. */
function targetOf(context: Context, params: Parameters, allowed: DevTokenExchange): string {
  const { environment, library } = context;
  const { resource, audience } = params;
  const named = resource ?? audience;
  if (named === undefined || (resource !== undefined && audience !== undefined))
    throw new library.errors.InvalidTarget("name one target, as resource or as audience");
  const target = environment.findServer(named);
  const mayAsk = allowed.to.some((one) => target && environment.findServer(one)?.id === target.id);
  if (!target || !mayAsk) throw new library.errors.InvalidTarget("this client may not ask for that target");
  return environment.resourceIndicator(target);
}

/** What was asked for, or all that there is; never what the target, the client or the person does not have. */
function grantedScopes(
  { environment, library }: Context,
  target: ResourceServerInstance,
  asked: string | undefined,
  token: AccessToken,
): string {
  const known = target.scope.split(" ");
  const scopes = asked?.split(" ") ?? known;
  const unknown = scopes.find((scope) => !known.includes(scope));
  if (unknown !== undefined)
    throw new library.errors.InvalidScope("the target does not have this scope for this client", unknown);
  if (!environment.findServer(target.identifier())?.intersectScopesUserPermission) return scopes.join(" ");
  const { permissions } = extraClaims(environment, token);
  return scopes.filter((scope) => Array.isArray(permissions) && permissions.includes(scope)).join(" ");
}
