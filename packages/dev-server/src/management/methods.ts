import type { Methods } from "./api.js";
import { clientMethods } from "./clients.js";
import { loginRequestMethods } from "./login-requests.js";
import { organizationMethods } from "./organizations.js";
import { resourceMethods } from "./resources.js";
import { userMethods } from "./users.js";

/** The part of Scalekit's API that is here. Every other method answers that it is not implemented. */
export const METHODS: Methods = {
  ...resourceMethods,
  ...clientMethods,
  ...organizationMethods,
  ...userMethods,
  ...loginRequestMethods,
};
