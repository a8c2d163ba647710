/** What a todo server has to know to start. */
export interface TodoConfig {
  port: number;
  /** The address to listen on: this machine only, as long as that is where MCP_URL points. */
  host: string;
  /** The public URL of the MCP endpoint, which is the resource identifier (RFC 9728 §1.2). */
  resource: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const required = {
  MCP_URL: "the public URL of the MCP endpoint, for example http://127.0.0.1:3002/mcp",
  SCALEKIT_ENVIRONMENT_URL: "your Scalekit environment, for example https://acme.scalekit.dev",
  SCALEKIT_RESOURCE_ID: "the MCP server's id in the Scalekit dashboard, which begins with res_",
} as const;

/** Everything that is wrong with the environment, at once. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(problems: readonly string[]) {
    super(
      [
        "The todo server cannot start.",
        ...problems.map((problem) => `  ${problem}`),
        "No Scalekit account at hand? `npm run quickstart` needs none.",
      ].join("\n"),
    );
  }
}

/**
 * Reads the configuration out of the environment.
 * `SCALEKIT_*` is only checked for presence: `scalekit()` reads those variables itself, and knows more about them.
 *
 * @throws {ConfigError} when something is missing or makes no sense.
 */
export function configOf(environment: Environment): TodoConfig {
  const problems = Object.entries(required)
    .filter(([name]) => !environment[name])
    .map(([name, meaning]) => `${name} is not set: ${meaning}.`);
  const port = portOf(environment.PORT);
  if (port === undefined)
    problems.push(`PORT is ${JSON.stringify(environment.PORT)}: write a number from 0 to 65535.`);
  const resource = environment.MCP_URL ?? "";
  if (resource !== "" && !URL.canParse(resource))
    problems.push(`MCP_URL is ${JSON.stringify(resource)}: write ${required.MCP_URL}.`);
  if (problems.length > 0 || port === undefined) throw new ConfigError(problems);
  return { port, host: hostFor(resource), resource };
}

/** {@link configOf} this process; when that cannot work, says why on stderr and exits with 1. */
export function readConfig(): TodoConfig {
  try {
    return configOf(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

function portOf(value: string | undefined): number | undefined {
  if (value === undefined || value === "") return 3002;
  return /^\d{1,5}$/.test(value) && Number(value) <= 65535 ? Number(value) : undefined;
}

function hostFor(resource: string): string {
  const { hostname } = new URL(resource);
  if (hostname === "[::1]") return "::1";
  return hostname === "localhost" || hostname === "127.0.0.1" ? hostname : "0.0.0.0";
}
