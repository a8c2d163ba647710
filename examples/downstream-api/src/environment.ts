/** What the assistant has to know about its authorization server. */
export interface Environment {
  readonly environmentUrl: string;
  readonly resourceId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  close(): Promise<void>;
}

const names = {
  environmentUrl: "SCALEKIT_ENVIRONMENT_URL",
  resourceId: "SCALEKIT_RESOURCE_ID",
  clientId: "EXCHANGE_CLIENT_ID",
  clientSecret: "EXCHANGE_CLIENT_SECRET",
} as const;

/** The environment that the variables name, or one on this machine. */
export async function environmentOf(
  variables: Readonly<Record<string, string | undefined>>,
  url: string,
  api: string,
): Promise<Environment> {
  if (!variables["SCALEKIT_ENVIRONMENT_URL"]) return (await localEnvironment(url, api)).environment;
  const missing = Object.values(names).filter((name) => !variables[name]);
  if (missing.length > 0) throw new Error(`Not set: ${missing.join(", ")}.`);
  const read = (name: keyof typeof names): string => variables[names[name]] ?? "";
  return {
    environmentUrl: read("environmentUrl"),
    resourceId: read("resourceId"),
    clientId: read("clientId"),
    clientSecret: read("clientSecret"),
    close: async () => {},
  };
}

const client = { clientId: "skc_assistant", clientSecret: "the-assistants-secret" };

/** Both resource servers are registered, and one client that may exchange tokens for the first into such for the second. */
export async function localEnvironment(url: string, api: string) {
  const { createDevServer } = await import("@mcp-authz/dev-server");
  const dev = await createDevServer({
    banner: false,
    servers: [
      { id: "res_assistant", name: "Assistant", url, scopes: ["assistant"] },
      { id: "res_calendar", name: "Calendar", url: api, scopes: ["calendar:read", "calendar:write"] },
    ],
    clients: [
      {
        id: client.clientId,
        secret: client.clientSecret,
        name: "Assistant",
        tokenExchange: { from: "res_assistant", to: ["res_calendar"] },
      },
    ],
    users: ["ada@acme.example", "max@acme.example"].map((email) => ({ email, customClaims: { email } })),
  });
  const environment: Environment = {
    environmentUrl: dev.url,
    resourceId: "res_assistant",
    ...client,
    close: () => dev.close(),
  };
  return { environment, dev };
}
