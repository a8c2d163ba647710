import { serverOfConnection } from "../custom-login.js";
import { ApiError, type Message, type Methods, notFound, text, texts } from "./api.js";

/** What somebody's own login page calls when it knows who logged in. */
export const loginRequestMethods: Methods = {
  "scalekit.v1.auth.AuthService/UpdateLoginUserDetails": ({ environment, customLogins }, input) => {
    const connectionId = text(input, "connection_id") ?? "";
    const requestId = text(input, "login_request_id") ?? "";
    const user = (input.user ?? {}) as Message;
    if (!serverOfConnection(environment, connectionId)) throw notFound("connection", connectionId);
    const failed = user.login_failed === true;
    const sub = text(user, "sub");
    const email = text(user, "email");
    if (!failed && (sub === undefined || email === undefined)) {
      throw new ApiError("invalid_argument", "user.sub and user.email are required");
    }
    const names = [text(user, "given_name"), text(user, "family_name")]
      .filter((name) => name !== undefined)
      .join(" ");
    const name = text(user, "name") ?? (names === "" ? undefined : names);
    const external = text(user, "organization_external_id");
    const organization = [...environment.organizations.values()].find(
      (one) => external !== undefined && one.externalId === external,
    );
    const taken = customLogins.report(connectionId, requestId, {
      sub: sub ?? "",
      email: email ?? "",
      ...(name === undefined ? {} : { name }),
      ...(texts(user, "roles").length === 0 ? {} : { roles: texts(user, "roles") }),
      ...(organization ? { organizationId: organization.id } : {}),
      ...(user.custom_attributes ? { customClaims: user.custom_attributes as Message } : {}),
      ...(failed ? { failed: "The login page reported that the login failed" } : {}),
    });
    if (!taken) throw notFound("open login request", requestId);
    return { auth_request_id: requestId };
  },
};
