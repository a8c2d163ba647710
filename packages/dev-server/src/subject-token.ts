import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import type { default as Provider } from "oidc-provider";
import type { Actor } from "./actor.js";
import type { Context } from "./context.js";
import type { McpServer } from "./environment.js";
import { accountId } from "./principal.js";

/** Whom a token exchange is about (RFC 8693 section 2.1, `subject_token`). */
export interface Subject {
  readonly accountId: string;
  /** Seconds since the epoch: what is made of the token lives no longer. */
  readonly expiresAt: number;
  /** Who acted for the subject already. */
  readonly actor?: Actor;
}

/** What can be said of either kind of access token. */
interface Presented {
  readonly account: string | undefined;
  readonly servers: readonly unknown[];
  readonly bound: boolean;
  readonly expiresAt: number | undefined;
  readonly actor: unknown;
}

/**
 * The person whom a token stands for. It must be an access token of ours, for the server that the client acts for:
 * a token for somebody else that ended up there is not for exchanging.
 *
 * @throws `invalid_request` when it is anything else (RFC 8693 section 2.2.2)
 */
export async function subjectOf(
  context: Context,
  provider: Provider,
  token: string,
  server: McpServer,
): Promise<Subject> {
  const refused = (why: string) => new context.library.errors.InvalidRequest(`subject_token ${why}`);
  const presented = token.includes(".") ? await fromJwt(context, token) : await fromOpaque(provider, token);
  if (!presented) throw refused("is not an access token of this environment, or is no longer valid");
  const { account, servers, bound, expiresAt, actor } = presented;
  if (!servers.includes(server.id)) throw refused("was not issued for the server that this client acts for");
  if (bound) throw refused("is bound to a key of somebody else's");
  if (account === undefined) throw refused("stands for a client, not for a person");
  if (expiresAt === undefined) throw refused("does not expire");
  return {
    accountId: account,
    expiresAt,
    ...(actor === undefined ? {} : { actor: actor as Actor }),
  };
}

async function fromJwt(context: Context, token: string): Promise<Presented | undefined> {
  const { environment, keys, clock } = context;
  const keySet = createLocalJWKSet((await keys.keySet()) as unknown as JSONWebKeySet);
  const verified = await jwtVerify(token, keySet, { algorithms: ["RS256"], currentDate: clock() }).catch(
    () => undefined,
  );
  if (!verified) return undefined;
  const { payload } = verified;
  return {
    account: accountOf(context, payload),
    servers: [payload.aud ?? []].flat().filter((audience) => environment.servers.has(audience)),
    bound: payload.cnf !== undefined,
    expiresAt: payload.exp,
    actor: payload.act,
  };
}

function accountOf({ environment }: Context, { sub = "", oid }: JWTPayload): string | undefined {
  const user = environment.users.get(sub);
  return user && accountId({ user, ...(typeof oid === "string" ? { organizationId: oid } : {}) });
}

async function fromOpaque(provider: Provider, value: string): Promise<Presented | undefined> {
  const token = await provider.AccessToken.find(value);
  if (!token) return undefined;
  if (token.grantId && !(await provider.Grant.find(token.grantId))) return undefined;
  return {
    account: token.accountId,
    servers: [token.aud].flat(),
    bound: token.isSenderConstrained(),
    expiresAt: token.exp,
    actor: token.extra?.act,
  };
}
