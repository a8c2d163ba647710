import type { Methods } from "./api.js";
import { clientMethods } from "./clients.js";
import { connectionMethods } from "./connections.js";
import { environmentClientMethods } from "./environment-clients.js";
import { loginRequestMethods } from "./login-requests.js";
import { organizationMethods } from "./organizations.js";
import { resourceMethods } from "./resources.js";
import { roleMethods } from "./roles.js";
import { scopeMethods } from "./scopes.js";
import { userMethods } from "./users.js";

/** The part of Scalekit's API that is here. Every other method answers that it is not implemented. */
export const METHODS: Methods = {
  ...resourceMethods,
  ...scopeMethods,
  ...clientMethods,
  ...environmentClientMethods,
  ...organizationMethods,
  ...userMethods,
  ...roleMethods,
  ...connectionMethods,
  ...loginRequestMethods,
};
