/** What the server has to know to start. */
export interface Config {
  readonly port: number;
  /** The address to listen on: this machine only, as long as that is where the resource is. */
  readonly host: string;
  /** The public URL of the MCP endpoint, which is the resource identifier (RFC 9728 §1.2). */
  readonly resource: string;
  readonly logLevel: LogLevel;
  /** Requests that one caller may send in a minute. */
  readonly rateLimit: number;
}

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

export type Variables = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong with the environment, at once. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(problems: readonly string[]) {
    super(["The greeting server cannot start.", ...problems.map((problem) => `  ${problem}`)].join("\n"));
  }
}

/**
 * Whether the variables name an authorization server. Which ones do, `scalekit()` knows best: it reads all of them
 * itself, under the guide's names (`SCALEKIT_…`) and the demos' (`SK_…`), and says what is wrong with them.
 */
export function namesAuthorizationServer(variables: Variables): boolean {
  const names = ["SCALEKIT_ENVIRONMENT_URL", "SCALEKIT_ENV_URL", "SK_ENV_URL", "PROTECTED_RESOURCE_METADATA"];
  return names.some((name) => variables[name]);
}

/** @throws {ConfigError} when something is missing or makes no sense. */
export function configOf(variables: Variables): Config {
  const problems: string[] = [];
  const number = (name: string, fallback: number, least: number, most: number): number => {
    const text = variables[name] || String(fallback);
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    problems.push(`${name} is ${JSON.stringify(text)}: write a number from ${least} to ${most}.`);
    return fallback;
  };
  const port = number("PORT", 3002, 0, 65_535);
  const rateLimit = number("RATE_LIMIT", 60, 1, 1_000_000);
  const resource = resourceOf(variables, problems);
  const logLevel = (variables["LOG_LEVEL"] || "info") as LogLevel;
  if (!logLevels.includes(logLevel))
    problems.push(`LOG_LEVEL is ${JSON.stringify(logLevel)}: write one of ${logLevels.join(", ")}.`);
  if (problems.length > 0) throw new ConfigError(problems);
  return { port, host: hostFor(resource), resource, logLevel, rateLimit };
}

/** The endpoint's URL goes by three names; whoever sets several of them must mean the same. */
function resourceOf(variables: Variables, problems: string[]): string {
  const named = [
    ["MCP_URL", variables["MCP_URL"]],
    ["EXPECTED_AUDIENCE", variables["EXPECTED_AUDIENCE"]],
    ["BASE_URL", endpointBelow(variables["BASE_URL"])],
  ].filter((one): one is [string, string] => Boolean(one[1]));
  for (const [name, url] of named)
    if (!URL.canParse(url)) problems.push(`${name} is ${JSON.stringify(url)}: write a URL.`);
  const [first, ...others] = named;
  if (first === undefined) {
    problems.push("MCP_URL is not set: write the public URL of the endpoint, https://mcp.example.com/mcp.");
    return "";
  }
  for (const [name, url] of others)
    if (url !== first[1])
      problems.push(`${name} means ${url}, and ${first[0]} says ${first[1]}: leave one of them out.`);
  return first[1];
}

/** A base URL has no path of its own: the endpoint below it is `/mcp`. */
function endpointBelow(base: string | undefined): string | undefined {
  return base ? `${base.replace(/\/$/, "")}/mcp` : undefined;
}

function hostFor(resource: string): string {
  const { hostname } = new URL(resource);
  if (hostname === "[::1]") return "::1";
  return hostname === "localhost" || hostname === "127.0.0.1" ? hostname : "0.0.0.0";
}
