import { createDevServer, type DevServerOptions } from "@mcp-authz/dev-server";
import { access } from "./access.js";
import type { ScalekitConfig } from "./config.js";

const OPERATIONS = "org_20000000000000000001";
const everything = Object.keys(access);

/** An environment with people who may do everything, read everything, and nothing. */
export function environmentFor(url: string): DevServerOptions {
  return {
    organizations: [
      { id: OPERATIONS, name: "Operations" },
      { name: "Acme", externalId: "acme" },
      { name: "Globex", externalId: "globex" },
    ],
    users: [
      { email: "olivia+sktest@ops.example", name: "Olivia Operator", permissions: everything },
      {
        email: "sam+sktest@ops.example",
        name: "Sam Support",
        permissions: everything.filter((one) => one.endsWith(":read")),
      },
      { email: "max+sktest@ops.example", name: "Max Member" },
    ].map((user) => ({ ...user, organizationId: OPERATIONS })),
    servers: [
      {
        id: "res_identity_admin",
        name: "Identity admin",
        url,
        scopes: Object.entries(access).map(([name, description]) => ({ name, description })),
      },
    ],
  };
}

/** Starts an environment on this machine, for whoever has none: anyone can log in to it as anyone. */
export async function localEnvironment(url: string): Promise<ScalekitConfig> {
  const { env } = await createDevServer(environmentFor(url));
  return {
    environmentUrl: env.SCALEKIT_ENVIRONMENT_URL,
    resourceId: "res_identity_admin",
    clientId: env.SCALEKIT_CLIENT_ID,
    clientSecret: env.SCALEKIT_CLIENT_SECRET,
  };
}
