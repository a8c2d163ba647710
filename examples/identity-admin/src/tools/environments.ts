import * as z from "zod";
import { sliced } from "../pagination.js";
import { listTool } from "./list.js";
import { type Tool, tool } from "./tool.js";

const environment = z.object({
  id: z.string(),
  display_name: z.string(),
  domain: z.string(),
  type: z.string(),
});
const credentials = z.object({
  client_id: z.string(),
  name: z.string(),
  grant_types: z.array(z.string()),
  secrets: z.array(z.object({ id: z.string(), ends_with: z.string() })),
});
const clientAnswer = z.object({
  id: z.string(),
  name: z.string().default(""),
  grant_types: z.array(z.string()).default([]),
  secrets: z.array(z.object({ id: z.string(), secret_suffix: z.string().default("") })).default([]),
});

export const environmentTools: readonly Tool[] = [
  listTool({
    name: "list_environments",
    title: "List environments",
    description: "The environments of the workspace.",
    needs: "env:read",
    filter: {},
    item: environment,
    fetch: (management) =>
      sliced(
        async () =>
          (
            await management.rest(z.object({ environments: z.array(environment).default([]) }), {
              method: "GET",
              path: "environments",
            })
          ).environments,
        ({ id }) => id,
      ),
  }),
  tool({
    name: "get_environment_details",
    title: "Get an environment",
    description: "One environment, by its id.",
    needs: "env:read",
    effect: "reads",
    input: z.object({
      environment_id: z
        .string()
        .regex(/^env_\w+$/)
        .describe("From list_environments"),
    }),
    output: z.object({ environment }),
    run: ({ environment_id: id }, { management }) =>
      management.rest(z.object({ environment }), { method: "GET", path: `environments/${id}` }),
  }),
  listTool({
    name: "list_environment_credentials",
    title: "List the environment's credentials",
    description: "Clients of the environment and the last characters of their secrets; never a whole secret.",
    needs: "env:read",
    filter: {},
    item: credentials,
    fetch: (management) =>
      sliced(
        async () => {
          const answer = z.object({ clients: z.array(clientAnswer).default([]) });
          const { clients } = await management.rest(answer, { method: "GET", path: "clients" });
          return clients.map(({ id, name, grant_types, secrets }) => ({
            client_id: id,
            name,
            grant_types,
            secrets: secrets.map((secret) => ({ id: secret.id, ends_with: secret.secret_suffix })),
          }));
        },
        ({ client_id: id }) => id,
      ),
  }),
];
