/**
 * OAuth 2.1 authorization for MCP servers, independent of any framework.
 * The bindings for plain `node:http` and for web-standard `fetch` are `@mcp-authz/core/node` and `@mcp-authz/core/fetch`.
 *
 * @module
 */
export type { Answer, ReasonCode } from "./answers.js";
export { type AuthInfo, assertGuarded, type Identity, identityOf } from "./auth-info.js";
export type { Dpop } from "./dpop.js";
export type { GateEvent } from "./events.js";
export type { Facts, HeaderLines } from "./facts.js";
export { type Authenticated, createGate, type Gate, type Outcome, type Verdict } from "./gate.js";
export type { Granted } from "./granted.js";
export { LateDenial } from "./late-denial.js";
export type { Body } from "./mcp/body.js";
export type { Operation, Target } from "./mcp/operation.js";
export { OptionError } from "./option-error.js";
export type { Limits, McpAuthzOptions, McpHandler } from "./options.js";
export type { AnswerHead, Outgoing } from "./outgoing.js";
export { describePolicy, type PolicyLine, policyMarkdown } from "./policy/description.js";
export type { ListOptions } from "./policy/listing.js";
export type { PolicyOptions } from "./policy/policy.js";
export type { Call, Denial, Requirement, Rule, RuleFunction, Ruling } from "./policy/rule.js";
export { type Principal, principalKey, principalOf } from "./principal.js";
export type {
  AccessToken,
  Provider,
  TokenFault,
  TokenVerifier,
  Verification,
  VerifierHealth,
} from "./provider.js";
export { readiness } from "./readiness.js";
export type { ProtectedResourceMetadata, Resource } from "./resource.js";
export type { SharedStore } from "./shared-store.js";
export { anyOf, type Choice, type TokenRule } from "./token/any-of.js";
export type { TokenCacheOptions } from "./token/cache.js";
export type { ClaimOptions } from "./token/claim-rules.js";
export type { ClaimMapping, Claims } from "./token/claims.js";
export { type CustomOptions, custom, type VerifyToken } from "./token/custom.js";
export { type IntrospectionOptions, introspection } from "./token/introspection.js";
export type { Jws, JwsHeader } from "./token/jws.js";
export { jwt } from "./token/jwt.js";
export type { JwtOptions } from "./token/jwt-options.js";
export type { KeySetOptions } from "./token/key-set.js";
export type { JSONWebKeySet } from "./token/keys.js";
export { type Auth0Options, auth0 } from "./token/presets/auth0.js";
export { type EntraOptions, entra } from "./token/presets/entra.js";
export { type KeycloakOptions, keycloak } from "./token/presets/keycloak.js";
export { type OktaOptions, okta } from "./token/presets/okta.js";
export { type WorkosOptions, workos } from "./token/presets/workos.js";
export { type Revocation, type RevocationList, revocationList } from "./token/revocation.js";
export type { SignatureSource, SigningKey } from "./token/signature-source.js";
