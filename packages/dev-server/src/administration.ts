/** What only the API registers, beside MCP servers, clients, organizations and users. */
export interface Administration {
  readonly scopes: readonly EnvironmentScope[];
  readonly roles: readonly Role[];
  readonly connections: readonly Connection[];
  readonly members: readonly Member[];
}

/** A scope of the environment, whether an MCP server uses it or not. */
export interface EnvironmentScope {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** A role by name; whoever has it has its permissions, too. */
export interface Role {
  /** The name: roles are referred to by it. */
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
  readonly permissions: readonly string[];
}

/** An organization's own identity provider. It is played, and can be switched off. */
export interface Connection {
  readonly id: string;
  readonly organizationId: string;
  readonly type: string;
  readonly provider: string;
  readonly enabled: boolean;
}

/** Somebody who administers the environment. Nobody is mailed, and the dashboard asks nobody who they are. */
export interface Member {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly status: "ACTIVE" | "INVITED";
}
