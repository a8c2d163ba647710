import type { AgentOptions } from "./agent.js";

/** Where the story takes place. */
export interface Environment {
  readonly environmentUrl: string;
  readonly resourceId: string;
  readonly agent: Pick<AgentOptions, "clientId" | "clientSecret">;
  close(): Promise<void>;
}

/** The environment that the variables name, or one on this machine. */
export async function environmentOf(
  variables: Readonly<Record<string, string | undefined>>,
  url: string,
): Promise<Environment> {
  const environmentUrl = variables["SCALEKIT_ENVIRONMENT_URL"];
  if (!environmentUrl) return localEnvironment(url);
  const needed = (name: string): string => {
    const value = variables[name];
    if (!value) throw new Error(`${name} is not set.`);
    return value;
  };
  return {
    environmentUrl,
    resourceId: needed("SCALEKIT_RESOURCE_ID"),
    agent: { clientId: needed("AGENT_CLIENT_ID"), clientSecret: needed("AGENT_CLIENT_SECRET") },
    close: async () => {},
  };
}

const resourceId = "res_reports";
const agent = { clientId: "m2m_agent", clientSecret: "the-agents-secret" };

async function localEnvironment(url: string): Promise<Environment> {
  const { createDevServer } = await import("@mcp-authz/dev-server");
  const dev = await createDevServer({
    banner: false,
    servers: [{ id: resourceId, name: "Reports", url, scopes: ["reports:read", "reports:publish"] }],
    clients: [{ id: agent.clientId, secret: agent.clientSecret, name: "Agent", server: resourceId }],
  });
  return { environmentUrl: dev.url, resourceId, agent, close: () => dev.close() };
}
