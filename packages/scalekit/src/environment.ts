/** A configured value, and the environment variable that it was read from, if it was. */
export interface Setting<T = unknown> {
  readonly value: T;
  readonly variable?: string;
}

type VariableOption = "environmentUrl" | "resourceId" | "clientId" | "clientSecret" | "metadata";

/** The variables behind each option, in order: Scalekit's guide first, then the names its demos use. */
export const variables: Readonly<Record<VariableOption, readonly [string, ...string[]]>> = {
  environmentUrl: ["SCALEKIT_ENVIRONMENT_URL", "SCALEKIT_ENV_URL", "SK_ENV_URL"],
  resourceId: ["SCALEKIT_RESOURCE_ID", "MCP_SERVER_ID"],
  clientId: ["SCALEKIT_CLIENT_ID", "SK_CLIENT_ID"],
  clientSecret: ["SCALEKIT_CLIENT_SECRET", "SK_CLIENT_SECRET"],
  metadata: ["PROTECTED_RESOURCE_METADATA"],
};

/** The option as given, else the first of its environment variables that is set and not empty. */
export function settingOf(option: VariableOption, given: unknown): Setting | undefined {
  if (given !== undefined) return { value: given };
  for (const variable of variables[option]) {
    const value = readVariable(variable);
    if (value !== undefined && value !== "") return { value, variable };
  }
  return undefined;
}

/** Where a value came from, as the last sentence of an error message. */
export function originOf(setting: Setting): string {
  return setting.variable === undefined
    ? ""
    : ` It was read from the environment variable ${setting.variable}.`;
}

// Workers may have no `process`; Deno's throws when the program may not read its environment.
function readVariable(name: string): string | undefined {
  try {
    return (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env?.[name];
  } catch {
    return undefined;
  }
}
