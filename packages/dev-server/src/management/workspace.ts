import type { Member } from "../administration.js";
import type { Environment } from "../environment.js";
import { ApiError, type Message, type Method, notFound, page, text } from "./api.js";

/** One REST call that the SDK has no description of. */
export interface WorkspaceRoute {
  readonly name: string;
  readonly verb: string;
  readonly path: string;
  readonly method: Method;
}

const ENVIRONMENT = "env_10000000000000000001";

/** The level above the environment: which ones there are, and who administers them. Scalekit has it over REST alone. */
export const WORKSPACE: readonly WorkspaceRoute[] = [
  {
    name: "ListEnvironments",
    verb: "GET",
    path: "/api/v1/environments",
    method: ({ environment }) => ({ environments: [environmentMessage(environment)], total_size: 1 }),
  },
  {
    name: "GetEnvironment",
    verb: "GET",
    path: "/api/v1/environments/{id}",
    method: ({ environment }, input) => {
      if (input.id !== ENVIRONMENT) throw notFound("environment", input.id);
      return { environment: environmentMessage(environment) };
    },
  },
  {
    name: "ListMembers",
    verb: "GET",
    path: "/api/v1/members",
    method: ({ environment }, input) => {
      const { items, paging } = page([...environment.members.values()], input);
      return { ...paging, members: items.map(memberMessage) };
    },
  },
  {
    name: "CreateMember",
    verb: "POST",
    path: "/api/v1/members",
    method: ({ environment }, input) => {
      const email = text(input, "email") ?? "";
      if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw new ApiError("invalid_argument", "email is required");
      const same = [...environment.members.values()].some(
        (member) => member.email.toLowerCase() === email.toLowerCase(),
      );
      if (same) throw new ApiError("already_exists", `${email} is a member already`);
      const id = environment.identifiers("mem");
      const role = text(input, "role") ?? "ADMIN";
      return { member: memberMessage(environment.put("members", { id, email, role, status: "INVITED" })) };
    },
  },
  {
    name: "DeleteMember",
    verb: "DELETE",
    path: "/api/v1/members/{id}",
    method: ({ environment }, input) => {
      if (!environment.remove("members", String(input.id))) throw notFound("member", input.id);
      return {};
    },
  },
];

function environmentMessage({ url }: Environment): Message {
  return { id: ENVIRONMENT, display_name: "Development", domain: new URL(url).host, type: "DEV", url };
}

function memberMessage({ id, email, role, status }: Member): Message {
  return { id, email, role, membership_status: status };
}
