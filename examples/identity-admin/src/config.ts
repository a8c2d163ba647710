/** What the server has to know to start. */
export interface Config {
  readonly port: number;
  /** The address to listen on: this machine only, as long as that is where the resource is. */
  readonly host: string;
  /** The public URL of the MCP endpoint, which is the resource identifier (RFC 9728 §1.2). */
  readonly resource: string;
  readonly scalekit: ScalekitConfig;
}

/** The environment that is administered, the server's place in it, and the server's own credential. */
export interface ScalekitConfig {
  readonly environmentUrl: string;
  readonly resourceId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export type Variables = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong with the environment, at once. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(problems: readonly string[]) {
    super(["identity-admin cannot start.", ...problems.map((problem) => `  ${problem}`)].join("\n"));
  }
}

const meanings = {
  SCALEKIT_RESOURCE_ID: "the id of this MCP server in the environment, res_…",
  SCALEKIT_CLIENT_ID: "the server's own credential for the environment's API, not a user's",
  SCALEKIT_CLIENT_SECRET: "the secret that belongs to SCALEKIT_CLIENT_ID",
} as const;

/**
 * Without SCALEKIT_ENVIRONMENT_URL, `local` starts an environment on this machine.
 *
 * @throws {ConfigError} when something is missing or makes no sense
 */
export async function configOf(
  variables: Variables,
  local: (resource: string) => Promise<ScalekitConfig>,
): Promise<Config> {
  const problems: string[] = [];
  const port = /^\d{1,5}$/.test(variables["PORT"] ?? "3002") ? Number(variables["PORT"] ?? 3002) : Number.NaN;
  if (!(port <= 65_535))
    problems.push(`PORT is ${JSON.stringify(variables["PORT"])}: write a number up to 65535.`);
  const resource = variables["MCP_URL"] || `http://127.0.0.1:${port}/mcp`;
  if (problems.length === 0 && !URL.canParse(resource))
    problems.push(`MCP_URL is ${JSON.stringify(resource)}: write the public URL of the endpoint.`);
  const environmentUrl = variables["SCALEKIT_ENVIRONMENT_URL"];
  if (environmentUrl)
    for (const [name, meaning] of Object.entries(meanings))
      if (!variables[name]) problems.push(`${name} is not set: ${meaning}.`);
  if (problems.length > 0) throw new ConfigError(problems);
  const scalekit = environmentUrl ? named(variables, environmentUrl) : await local(resource);
  return { port, host: hostFor(resource), resource, scalekit };
}

function named(variables: Variables, environmentUrl: string): ScalekitConfig {
  const of = (name: keyof typeof meanings): string => variables[name] ?? "";
  return {
    environmentUrl,
    resourceId: of("SCALEKIT_RESOURCE_ID"),
    clientId: of("SCALEKIT_CLIENT_ID"),
    clientSecret: of("SCALEKIT_CLIENT_SECRET"),
  };
}

function hostFor(resource: string): string {
  const { hostname } = new URL(resource);
  if (hostname === "[::1]") return "::1";
  return hostname === "localhost" || hostname === "127.0.0.1" ? hostname : "0.0.0.0";
}
