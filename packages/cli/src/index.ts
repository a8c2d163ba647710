export type { Finding, Severity } from "./finding.js";
export type { HostVerdict } from "./hosts.js";
export type { MatrixCell, MatrixRow, ScopeMatrix } from "./matrix.js";
export { type TableOptions, table } from "./report/table.js";
export { exitCode, type Report } from "./report.js";
export type { Party, Step } from "./step.js";
export { type VerifyOptions, verify } from "./verify.js";
