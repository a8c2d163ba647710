import type { Grant, KoaContextWithOIDC } from "oidc-provider";
import type { Environment, McpServer, User } from "./environment.js";
import type { ApprovalRequest, Approve } from "./options.js";
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
 * Writes down what was granted. Every approval makes a grant of its own: an earlier one must not lend its
 * scopes to a request for which the user took them away.
 */
export function fillGrant(grant: Grant, wish: Wish, granted: readonly string[]): void {
  if (wish.oidcScopes.length > 0) grant.addOIDCScope(wish.oidcScopes.join(" "));
  if (wish.resource === undefined) return;
  const given = wish.scopes.filter((scope) => granted.includes(scope));
  const refused = wish.scopes.filter((scope) => !granted.includes(scope));
  if (given.length > 0) grant.addResourceScope(wish.resource, given.join(" "));
  if (refused.length > 0) grant.rejectResourceScope(wish.resource, refused.join(" "));
}

/** The policy that replaces pages: it logs the user in and writes the grant while the request is answered. */
export function approvalPolicy(
  library: ProtocolLibrary,
  environment: Environment,
  approve: Approve,
): InstanceType<ProtocolLibrary["interactionPolicy"]["Prompt"]>[] {
  const { Check, Prompt } = library.interactionPolicy;
  const check = new Check("approval", "decided without a page", "access_denied", async (context) => {
    await decide(library, environment, approve, context);
    return false;
  });
  // The prompts exist so that `prompt=login` and the like are understood; none of them ever shows anything.
  return ["login", "select_account", "consent"].map((name) => {
    const prompt = new Prompt({ name, requestable: true });
    prompt.checks.clear();
    if (name === "consent") prompt.checks.add(check);
    return prompt;
  });
}

async function decide(
  library: ProtocolLibrary,
  environment: Environment,
  approve: Approve,
  context: KoaContextWithOIDC,
): Promise<void> {
  const { oidc } = context;
  const { client, session, params } = oidc;
  if (!client || !session || !params) throw new Error("an approval needs a client, a session and parameters");
  const wish = wishOf(environment, params);
  const request = approvalRequest(wish, params, client.clientName);
  const approval = await approve(request);
  if ("denied" in approval) throw new library.errors.AccessDenied(approval.denied);
  const user = chosenUser(environment, approval.user ?? request.loginHint);
  if (!user) throw new library.errors.AccessDenied("there is no such user");
  session.loginAccount({ accountId: user.id });
  const grant = new oidc.provider.Grant({ accountId: user.id, clientId: client.clientId });
  fillGrant(grant, wish, approval.scopes ?? wish.scopes);
  const grantId = await grant.save();
  session.ensureClientContainer(client.clientId);
  session.grantIdFor(client.clientId, grantId);
  oidc.entity("Grant", grant);
}

function approvalRequest(
  wish: Wish,
  params: Readonly<Record<string, unknown>>,
  clientName: string | undefined,
): ApprovalRequest {
  const { server } = wish;
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
    scopes: wish.scopes,
    ...(typeof params.login_hint === "string" ? { loginHint: params.login_hint } : {}),
  };
}

/** The user who was named, or the first one. */
function chosenUser(environment: Environment, named: string | undefined): User | undefined {
  return named === undefined ? environment.users.values().next().value : environment.findUser(named);
}
