import type { Grant, InteractionResults, KoaContextWithOIDC } from "oidc-provider";
import type { Context } from "./context.js";
import type { Environment, McpServer } from "./environment.js";
import type { ApprovalRequest, Approve } from "./options.js";
import { accountId, findPrincipal, type Principal } from "./principal.js";
import type { ProtocolLibrary } from "./protocol-library.js";

const OIDC_SCOPES = new Set(["openid", "profile", "email", "offline_access"]);

/** What an authorization request asks for, as far as this environment has it. */
export interface Wish {
  readonly server: McpServer | undefined;
  readonly resource: string | undefined;
  /** Scopes of the MCP server. */
  readonly scopes: readonly string[];
  /** Scopes of OpenID Connect. */
  readonly oidcScopes: readonly string[];
}

export function wishOf(environment: Environment, params: Readonly<Record<string, unknown>>): Wish {
  const resource = typeof params.resource === "string" ? params.resource : undefined;
  const server = resource === undefined ? undefined : environment.findServer(resource);
  const asked = typeof params.scope === "string" ? params.scope.split(" ") : [];
  const known = new Set(server?.scopes.map((scope) => scope.name));
  return {
    server,
    resource,
    scopes: asked.filter((scope) => known.has(scope)),
    oidcScopes: asked.filter((scope) => OIDC_SCOPES.has(scope)),
  };
}

/**
 * The scopes that end up granted: asked for, agreed to, and, where the MCP server wants it so, covered by the
 * user's permissions.
 */
export function grantedScopes(
  { environment }: Context,
  wish: Wish,
  agreed: readonly string[],
  { user }: Principal,
): readonly string[] {
  const limited = wish.server?.intersectScopesUserPermission ?? false;
  const permissions = limited ? (environment.permissionsOf(user) ?? []) : undefined;
  return wish.scopes.filter(
    (scope) => agreed.includes(scope) && (permissions === undefined || permissions.includes(scope)),
  );
}

/**
 * Writes down what was granted. Every approval makes a grant of its own: an earlier one must not lend its
 * scopes to a request for which the user took them away.
 */
export function fillGrant(grant: Grant, wish: Wish, granted: readonly string[]): void {
  if (wish.oidcScopes.length > 0) grant.addOIDCScope(wish.oidcScopes.join(" "));
  if (wish.resource === undefined) return;
  const refused = wish.scopes.filter((scope) => !granted.includes(scope));
  if (granted.length > 0) grant.addResourceScope(wish.resource, granted.join(" "));
  if (refused.length > 0) grant.rejectResourceScope(wish.resource, refused.join(" "));
}

type Prompt = InstanceType<ProtocolLibrary["interactionPolicy"]["Prompt"]>;

/** When a person is asked to log in or to consent: on pages, or not at all where `approve` decides in code. */
export function interactionPolicy(context: Context, server: McpServer | undefined): Prompt[] {
  const { library, approve } = context;
  const { Check, Prompt, base } = library.interactionPolicy;
  const ownLogin = new Check("custom_login", "the MCP server's own login is required", (ctx) =>
    needsCustomLogin(context, server, ctx),
  );
  if (approve === "page") {
    const policy = base();
    policy.get("login")?.checks.add(ownLogin);
    return policy;
  }
  const approval = new Check("approval", "decided without a page", async (ctx) => {
    await decide(context, approve, ctx);
    return false;
  });
  // The prompts exist so that `prompt=login` and the like are understood; without a custom login, none shows.
  return ["login", "select_account", "consent"].map((name) => {
    const prompt = new Prompt({ name, requestable: true });
    prompt.checks.clear();
    if (name === "login") prompt.checks.add(ownLogin);
    if (name === "consent") prompt.checks.add(approval);
    return prompt;
  });
}

/** Whether this user must still pass the login page that the MCP server brings itself. */
function needsCustomLogin(
  { environment }: Context,
  own: McpServer | undefined,
  ctx: KoaContextWithOIDC,
): boolean {
  const server = own ?? wishOf(environment, ctx.oidc.params ?? {}).server;
  const result: InteractionResults | undefined = ctx.oidc.result;
  if (!server?.customLogin || result?.login) return false;
  const current = findPrincipal(environment, ctx.oidc.session?.accountId);
  return current?.user.connectionId !== server.customLogin.connectionId;
}

async function decide(context: Context, approve: Approve, ctx: KoaContextWithOIDC): Promise<void> {
  const { environment, library } = context;
  const { client, session, params, provider } = ctx.oidc;
  if (!client || !session || !params) throw new Error("an approval needs a client, a session and parameters");
  const wish = wishOf(environment, params);
  const request = approvalRequest(wish, params, client.clientName);
  const approval = await approve(request);
  if ("denied" in approval) throw new library.errors.AccessDenied(approval.denied);
  const ownLogin = wish.server?.customLogin === undefined ? undefined : session.accountId;
  const principal = chosen(environment, approval.user ?? ownLogin ?? request.loginHint);
  if (!principal) throw new library.errors.AccessDenied("there is no such user");
  session.loginAccount({ accountId: accountId(principal) });
  const grant = new provider.Grant({ accountId: accountId(principal), clientId: client.clientId });
  fillGrant(grant, wish, grantedScopes(context, wish, approval.scopes ?? wish.scopes, principal));
  const grantId = await grant.save();
  session.ensureClientContainer(client.clientId);
  session.grantIdFor(client.clientId, grantId);
  ctx.oidc.entity("Grant", grant);
}

function approvalRequest(
  { server, scopes }: Wish,
  params: Readonly<Record<string, unknown>>,
  clientName: string | undefined,
): ApprovalRequest {
  return {
    clientId: String(params.client_id),
    ...(clientName === undefined ? {} : { clientName }),
    redirectUri: String(params.redirect_uri),
    ...(server
      ? {
          server: {
            id: server.id,
            name: server.name,
            ...(server.url === undefined ? {} : { url: server.url }),
          },
        }
      : {}),
    scopes,
    ...(typeof params.login_hint === "string" ? { loginHint: params.login_hint } : {}),
  };
}

/** The user who was named, or the first one. */
function chosen(environment: Environment, named: string | undefined): Principal | undefined {
  if (named === undefined) return findPrincipal(environment, environment.users.keys().next().value);
  return findPrincipal(environment, named) ?? findPrincipal(environment, environment.findUser(named)?.id);
}
