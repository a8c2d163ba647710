export { type DecisionReporterOptions, reportDecisions } from "./decision-reporter.js";
export type {
  DevServer,
  Operations,
  RegisteredClient,
  RegisteredServer,
  ServerChanges,
} from "./dev-server.js";
export type { McpServer, Organization, User } from "./environment.js";
export type { KeyServerMode } from "./keys.js";
export type { ManagementFault } from "./management/fault.js";
export type { ResourceMetadata } from "./metadata.js";
export type {
  Approval,
  ApprovalRequest,
  Approve,
  DevClient,
  DevCustomLogin,
  DevMcpServer,
  DevOrganization,
  DevScope,
  DevServerOptions,
  DevTokenExchange,
  DevUser,
  IssuerPhase,
} from "./options.js";
export type { LoggedRequest, RequestKind } from "./request-log.js";
export { createDevServer } from "./server.js";
export type { Consent } from "./store.js";
export type { TokenFault } from "./token-faults.js";
