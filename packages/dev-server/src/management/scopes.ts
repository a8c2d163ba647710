import type { EnvironmentScope } from "../administration.js";
import type { Context } from "../context.js";
import type { Environment } from "../environment.js";
import { ApiError, type Message, type Methods, notFound, text } from "./api.js";

const SERVICE = "scalekit.v1.clients.ClientService";

/** Scopes of the environment, with those that only an MCP server names. */
export const scopeMethods: Methods = {
  [`${SERVICE}/CreateScope`]: ({ environment }, input) => {
    const name = text(input.scope, "name") ?? "";
    // RFC 6749 section 3.3: scope-token.
    if (!/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(name))
      throw new ApiError("invalid_argument", "name must be one word without quotes and backslashes");
    if (all(environment).has(name)) throw new ApiError("already_exists", `scope ${name} exists already`);
    const description = text(input.scope, "description") ?? "";
    const scope = environment.put("scopes", { id: scopeId(name), name, description });
    return { scope: scopeMessage(scope) };
  },
  [`${SERVICE}/ListScopes`]: ({ environment }) => ({
    scopes: [...all(environment).values()].map(scopeMessage),
  }),
  [`${SERVICE}/DeleteScope`]: (context, input) => {
    const { id, name } = find(context, input);
    const user = [...context.environment.servers.values()].find((server) =>
      server.scopes.some((scope) => scope.name === name),
    );
    if (user) throw new ApiError("failed_precondition", `scope ${name} is in use by ${user.id}`);
    context.environment.remove("scopes", id);
    return {};
  },
};

function find({ environment }: Context, input: Message): EnvironmentScope {
  const scope = [...all(environment).values()].find(({ id }) => id === input.id);
  if (!scope) throw notFound("scope", input.id);
  return scope;
}

function all(environment: Environment): Map<string, EnvironmentScope> {
  const used = [...environment.servers.values()].flatMap((server) => server.scopes);
  const scopes = new Map(
    used.map(({ name, description = "" }) => [name, { id: scopeId(name), name, description }]),
  );
  for (const scope of environment.scopes.values()) scopes.set(scope.name, scope);
  return scopes;
}

function scopeId(name: string): string {
  return `scp_${name.replaceAll(/[^A-Za-z0-9]/g, "_")}`;
}

export function scopeMessage({
  name,
  description = "",
}: {
  readonly name: string;
  readonly description?: string;
}): Message {
  return { id: scopeId(name), name, description, enabled: true };
}
