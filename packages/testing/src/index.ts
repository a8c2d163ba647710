/**
 * Tests for the authorization of MCP servers: a token mint, the contract that every binding of mcp-authz passes,
 * and a headless MCP host that logs in.
 *
 * @module
 */

export { answersOf, type RecordedAnswer } from "./contract/answers-of.js";
export { contractOptions } from "./contract/command.js";
export { type Chapter, chapters, contract, scenarios } from "./contract/contract.js";
export {
  createProbe,
  type ProbeCaller,
  ProbeLog,
  type ProbeReport,
  type ProbeRun,
} from "./contract/probe.js";
export type { ContractRow, ContractScenario, ExpectedAnswer, Mints, Scene } from "./contract/row.js";
export { type ContractRun, runContract, type TestRunner } from "./contract/run-contract.js";
export type { Addresses, SetupName } from "./contract/setups.js";
export type { ContractTarget, Mounted } from "./contract/target.js";
export { approve } from "./headless-host/browser.js";
export {
  createHeadlessHost,
  type HeadlessHost,
  type HeadlessHostOptions,
} from "./headless-host/headless-host.js";
export type { Registration } from "./headless-host/oauth-provider.js";
export type { Negotiation, ToolResult } from "./headless-host/sdk.js";
export type { HostStep, ReceivedAnswer, SentRequest, Stage } from "./headless-host/steps.js";
export { encode, type JsonOrText, type Signer, signCompact } from "./mint/compact-jws.js";
export type { Fetches, Outage } from "./mint/key-server.js";
export type { Algorithm, DecoyKeys, MintKey, PublicJwk } from "./mint/keys.js";
export {
  type Claims,
  createTokenMint,
  type TokenMint,
  type TokenMintOptions,
  type TokenShape,
  type WrongTokenName,
  wrongTokens,
} from "./mint/token-mint.js";
export type { WrongToken } from "./mint/wrong-token.js";
export type { AnswerHead, RawAnswer } from "./raw/answer.js";
export { ConnectionEnded, exchange, RawConnection } from "./raw/connection.js";
export { chunked, type RawRequest, requestBytes } from "./raw/request.js";
