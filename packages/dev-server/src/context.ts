import type { default as Provider } from "oidc-provider";
import type { CustomLogins } from "./custom-login.js";
import type { Environment, McpServer } from "./environment.js";
import type { SigningKeys } from "./keys.js";
import type { ManagementFault } from "./management/fault.js";
import type { Approve } from "./options.js";
import type { ProtocolLibrary } from "./protocol-library.js";
import type { RequestLog, RequestNotes } from "./request-log.js";
import type { Store } from "./store.js";
import type { TokenFault } from "./token-faults.js";

/** What can be broken on purpose, beside the key server. */
export interface Faults {
  /** Seconds by which the environment's clock is off. */
  clockOffset: number;
  token: TokenFault | undefined;
  management: ManagementFault | undefined;
}

/** The parts of a running environment; one of each. */
export interface Context {
  readonly library: ProtocolLibrary;
  readonly environment: Environment;
  readonly keys: SigningKeys;
  readonly store: Store;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly customLogins: CustomLogins;
  /** Signs cookies and CSRF tokens. */
  readonly secret: string;
  readonly approve: "page" | Approve;
  /** Whether a proxy stands in front, whose forwarding headers say how the browser sees this server. */
  readonly proxied: boolean;
  readonly clock: () => Date;
  readonly loopbackClientMetadata: boolean;
  readonly clientMetadata: Readonly<Record<string, unknown>>;
  /** What is learnt about a request, by the request that the protocol library sees. */
  readonly notes: WeakMap<object, RequestNotes>;
  /** The authorization server of one MCP server, or of the environment. */
  authorizationServer(server: McpServer | undefined): Promise<Provider>;
}
