import type { DescMethodUnary, DescService, JsonValue } from "@bufbuild/protobuf";
import { type RestRule, restRules } from "./rest-rules.js";

/** A method of a service, with the REST calls that mean the same. */
export interface Operation {
  /** For example `scalekit.v1.clients.ClientService/CreateResource`. */
  readonly name: string;
  readonly method: DescMethodUnary;
  readonly rest: readonly RestRule[];
}

export interface Services {
  readonly operations: readonly Operation[];
  readonly protobuf: typeof import("@bufbuild/protobuf");
}

let loading: Promise<Services> | undefined;

/**
 * The descriptions of Scalekit's services, from its SDK: what the SDK speaks is what is answered. Loaded when
 * the API is first used, because most uses of this server never do.
 */
export function services(): Promise<Services> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Services> {
  const [protobuf, clients, organizations, users, auth, roles, connections] = await Promise.all([
    import("@bufbuild/protobuf"),
    import("@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb.js"),
    import("@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js"),
    import("@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb.js"),
    import("@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/auth/auth_pb.js"),
    import("@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb.js"),
    import("@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js"),
  ]);
  const all: readonly DescService[] = [
    clients.ClientService,
    organizations.OrganizationService,
    users.UserService,
    auth.AuthService,
    roles.RolesService,
    connections.ConnectionService,
  ];
  const operations = all.flatMap((service) =>
    service.methods
      .filter((method): method is DescMethodUnary => method.methodKind === "unary")
      .map((method) => ({ name: `${service.typeName}/${method.name}`, method, rest: restRules(method) })),
  );
  return { operations, protobuf };
}

/** A JSON value of this API. */
export type Json = JsonValue;
