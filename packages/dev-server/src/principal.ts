import type { Environment, User } from "./environment.js";

/** A user in one of their organizations: who a session and a grant belong to. */
export interface Principal {
  readonly user: User;
  readonly organizationId?: string;
}

/**
 * The account identifier that the protocol library keeps. It is the user's id, with the organization behind a
 * slash where that is not their first one; tokens carry the parts, in `sub` and `oid`.
 */
export function accountId({ user, organizationId }: Principal): string {
  return organizationId === undefined || organizationId === user.organizationId
    ? user.id
    : `${user.id}/${organizationId}`;
}

export function findPrincipal(environment: Environment, account: string | undefined): Principal | undefined {
  if (account === undefined) return undefined;
  const whole = environment.users.get(account);
  if (whole) return principalOf(whole, whole.organizationId);
  const at = account.lastIndexOf("/");
  const user = at < 0 ? undefined : environment.users.get(account.slice(0, at));
  return user && principalOf(user, account.slice(at + 1));
}

function principalOf(user: User, organizationId: string | undefined): Principal {
  return organizationId === undefined ? { user } : { user, organizationId };
}

/** Every organization that the user is a member of, the first one first. */
export function organizationsOf(user: User): readonly string[] {
  return [user.organizationId ?? [], user.otherOrganizationIds ?? []].flat();
}
