import * as z from "zod";

// Patterns and not formats: some hosts refuse `format` in input schemas. What the pattern lets through, the environment checks.

export const organizationId = z
  .string()
  .regex(/^org_\w+$/)
  .describe("org_…, from list_organizations");
export const userId = z
  .string()
  .regex(/^usr_\w+$/)
  .describe("usr_…, from list_organization_users");
export const connectionId = z
  .string()
  .regex(/^conn_\w+$/)
  .describe("conn_…");
export const serverId = z
  .string()
  .regex(/^res_\w+$/)
  .describe("res_…, from list_mcp_servers");
export const clientId = z.string().regex(/^[\w:/.%~-]{1,300}$/);
export const displayName = z.string().trim().min(1).max(200);
export const email = z
  .string()
  .trim()
  .max(320)
  .regex(/^[^@\s]+@[^@\s]+$/);
export const url = z
  .string()
  .trim()
  .max(2000)
  .regex(/^https?:\/\/[^\s#]+$/);
/** RFC 6749 §3.3: scope-token. */
export const scopeName = z
  .string()
  .max(200)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
