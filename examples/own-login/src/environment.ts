/** What the application has to know about its environment of Scalekit. */
export interface Environment {
  readonly environmentUrl: string;
  readonly resourceId: string;
  /** Of the environment's API: it reports who logged in. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** The connection that the dashboard made for the login page. */
  readonly connectionId: string;
  close(): Promise<void>;
}

const names = {
  environmentUrl: "SCALEKIT_ENVIRONMENT_URL",
  resourceId: "SCALEKIT_RESOURCE_ID",
  clientId: "SCALEKIT_CLIENT_ID",
  clientSecret: "SCALEKIT_CLIENT_SECRET",
  connectionId: "SCALEKIT_CONNECTION_ID",
} as const;

/** The environment that the variables name, or one on this machine. */
export async function environmentOf(
  variables: Readonly<Record<string, string | undefined>>,
  url: string,
): Promise<Environment> {
  if (!variables["SCALEKIT_ENVIRONMENT_URL"]) return localEnvironment(url);
  const missing = Object.values(names).filter((name) => !variables[name]);
  if (missing.length > 0) throw new Error(`Not set: ${missing.join(", ")}.`);
  const read = (name: keyof typeof names): string => variables[names[name]] ?? "";
  return {
    environmentUrl: read("environmentUrl"),
    resourceId: read("resourceId"),
    clientId: read("clientId"),
    clientSecret: read("clientSecret"),
    connectionId: read("connectionId"),
    close: async () => {},
  };
}

/** One on this machine, which sends people to the login page of the application that `url` belongs to. */
export async function localEnvironment(url: string): Promise<Environment> {
  const { createDevServer } = await import("@mcp-authz/dev-server");
  const connectionId = "conn_own";
  const dev = await createDevServer({
    banner: false,
    servers: [
      {
        id: "res_own",
        name: "Own",
        url,
        scopes: ["profile:read"],
        customLogin: { connectionId, url: new URL("/login", url).href },
      },
    ],
    users: [],
  });
  return {
    environmentUrl: dev.url,
    resourceId: "res_own",
    clientId: dev.env.SCALEKIT_CLIENT_ID,
    clientSecret: dev.env.SCALEKIT_CLIENT_SECRET,
    connectionId,
    close: () => dev.close(),
  };
}
