import type { Check } from "../../check.js";
import { credentialChecks } from "./credentials.js";
import { loginCheck } from "./login.js";
import { mirroredHeadersCheck } from "./mirrored-headers.js";
import { repetitionCheck } from "./repetition.js";
import { scopesCheck } from "./scopes.js";
import type { SessionSubject } from "./subject.js";

/** What a host does and no more: log in, list tools, call tools, step up. */
export const hostChecks: readonly Check<SessionSubject>[] = [loginCheck, scopesCheck];

/** Everything that needs a token. The scope check comes last, because it changes the token. */
export const sessionChecks: readonly Check<SessionSubject>[] = [
  loginCheck,
  ...credentialChecks,
  mirroredHeadersCheck,
  repetitionCheck,
  scopesCheck,
];
