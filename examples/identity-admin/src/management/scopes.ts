import * as z from "zod";
import type { Management } from "./management.js";

export const scopeSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().default(""),
});
export type Scope = z.output<typeof scopeSchema>;

export async function listScopes(management: Management): Promise<readonly Scope[]> {
  const answer = z.object({ scopes: z.array(scopeSchema).default([]) });
  return (await management.rest(answer, { method: "GET", path: "scopes" })).scopes;
}

export async function createScope(
  management: Management,
  scope: { readonly name: string; readonly description: string },
): Promise<Scope> {
  const answer = z.object({ scope: scopeSchema });
  return (await management.rest(answer, { method: "POST", path: "scopes", body: { ...scope } })).scope;
}

/** Deletes a scope by its name, if it is there. */
export async function deleteScope(management: Management, name: string): Promise<boolean> {
  const scope = (await listScopes(management)).find((one) => one.name === name);
  if (scope) await management.rest(z.unknown(), { method: "DELETE", path: `scopes/${scope.id}` });
  return scope !== undefined;
}
