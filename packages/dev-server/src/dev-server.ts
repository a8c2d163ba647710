import type { McpServer, Organization, User } from "./environment.js";
import type { KeyServerMode } from "./keys.js";
import type { ManagementFault } from "./management/fault.js";
import type { ResourceMetadata } from "./metadata.js";
import type { DevClient, DevMcpServer, DevOrganization, DevUser, IssuerPhase } from "./options.js";
import type { LoggedRequest } from "./request-log.js";
import type { Consent } from "./store.js";
import type { TokenFault } from "./token-faults.js";

/** A registered MCP server, with what its own code needs to know. */
export interface RegisteredServer extends McpServer {
  /** `{env}/resources/{res}`: what goes into `authorization_servers`. */
  readonly issuer: string;
  /** Protected resource metadata to serve: the dashboard's *Metadata JSON*. */
  readonly metadata: ResourceMetadata;
  /** The environment variables to start the MCP server with. */
  readonly env: { readonly SCALEKIT_ENVIRONMENT_URL: string; readonly SCALEKIT_RESOURCE_ID: string };
}

/** What to change about a registered MCP server. */
export type ServerChanges = {
  readonly [Setting in keyof Omit<DevMcpServer, "id">]?: DevMcpServer[Setting] | null;
};

/** A client that {@link DevServer.registerClient} made. */
export interface RegisteredClient {
  readonly id: string;
  readonly secret?: string;
}

/** A running environment. */
export interface DevServer extends Operations {
  /** The environment URL, without a trailing slash, for example `http://127.0.0.1:41234`. */
  readonly url: string;
  /** What `@scalekit-sdk/node` needs: the environment and a client of it that may call its API. */
  readonly env: {
    readonly SCALEKIT_ENVIRONMENT_URL: string;
    readonly SCALEKIT_CLIENT_ID: string;
    readonly SCALEKIT_CLIENT_SECRET: string;
  };
  readonly servers: readonly RegisteredServer[];
  readonly users: readonly User[];
  readonly organizations: readonly Organization[];
  /** What users granted to clients. */
  readonly consents: readonly Consent[];
  /** The live log, oldest first; at most the last thousand. */
  readonly requests: readonly LoggedRequest[];
  /** Calls `listener` with every request from now on; returns how to stop. */
  onRequest(listener: (request: LoggedRequest) => void): () => void;
  /** Stops, dropping every connection. Writes the file, when there is one. */
  close(): Promise<void>;
}

/** What can be done to a running environment, by code and by the page alike. */
export interface Operations {
  /** @throws TypeError when a value cannot work */
  registerServer(server: DevMcpServer): RegisteredServer;
  /**
   * Changes what is named and keeps the rest; `null` takes something away.
   *
   * @throws TypeError when there is no such server, or a value cannot work
   */
  updateServer(id: string, changes: ServerChanges): RegisteredServer;
  /** Also removes its clients. Returns whether there was one. */
  removeServer(id: string): boolean;
  /** Registers a user, or replaces the one with the same id. */
  registerUser(user: DevUser): User;
  removeUser(id: string): boolean;
  registerOrganization(organization: DevOrganization): Organization;
  removeOrganization(id: string): boolean;
  registerClient(client: DevClient): RegisteredClient;
  removeClient(id: string): boolean;
  /** Ends a grant and its refresh tokens. JWTs that were issued live on until they expire. */
  revokeConsent(id: string): boolean;
  /** Signs with a new key from now on; tokens of the old one stay valid. */
  rotateKeys(): Promise<void>;
  /** Takes a signing key (default: the current one) out of the published set. */
  revokeKey(kid?: string): Promise<void>;
  /** What `/keys` answers from now on. */
  setKeyServer(mode: KeyServerMode): void;
  setIssuerPhase(phase: IssuerPhase): void;
  /** Seconds by which the `iat`, `nbf` and `exp` of new tokens are off. */
  setClockOffset(seconds: number): void;
  /** What is wrong with new access tokens; `undefined`: nothing. */
  setTokenFault(fault: TokenFault | undefined): void;
  /** Which call of the API fails next; `undefined`: none. */
  setManagementFault(fault: ManagementFault | undefined): void;
}
