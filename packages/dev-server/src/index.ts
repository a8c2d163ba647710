export type { McpServer } from "./environment.js";
export type { KeyServerMode } from "./keys.js";
export type { ResourceMetadata } from "./metadata.js";
export type {
  Approval,
  ApprovalRequest,
  Approve,
  DevClient,
  DevMcpServer,
  DevScope,
  DevServerOptions,
  DevUser,
  IssuerPhase,
} from "./options.js";
export type { LoggedRequest, RequestKind } from "./request-log.js";
export {
  createDevServer,
  type DevServer,
  type RegisteredClient,
  type RegisteredServer,
  type RegisteredUser,
} from "./server.js";
