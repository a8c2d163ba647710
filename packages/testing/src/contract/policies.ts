import type { McpAuthzOptions } from "@mcp-authz/core";

type Policy = McpAuthzOptions["policy"];

/** What the rows are about: a todo list with something to read, to write and to keep from everybody. */
export const policy: Policy = {
  baseline: "todo:read",
  tools: {
    list_todos: "todo:read",
    create_todo: "todo:write",
    delete_todo: ["todo:write", "todo:delete"],
    whoami: [],
    "naïve 東京": "todo:read",
  },
  resources: {
    "todo://list": "todo:read",
    "todo://secret/{id}": "todo:admin",
    "todo://news": [],
    "file:///public/{+path}": "todo:read",
    "file:///secret": "todo:admin",
  },
  prompts: { summarize: "todo:read", audit: "todo:admin" },
  methods: { "todo/export": "todo:admin" },
};

/** Rules that decide from the call itself, and rules about the caller. */
export const rules: NonNullable<Policy["tools"]> = {
  remove: ({ arguments: { path } }) =>
    String(path).startsWith("/etc/") ? ["todo:write", "todo:admin"] : "todo:write",
  mine: async ({ auth }) => auth.extra?.["subject"] === "user_1" || { denied: "not theirs" },
  suspended: async () => ({ denied: "the account is suspended, see ticket 4711" }),
  broken: () => {
    throw new Error("the password of the database is hunter2");
  },
  rejected: () => Promise.reject(new Error("the password of the database is hunter2")),
  injecting: () => ['todo:write", error="invalid_token'],
  forging: () => ({ denied: "no\r\nSet-Cookie: session=stolen" }),
  silent: () => undefined as never,
  approve: { person: true },
  audit: { roles: "auditor" },
  export: { permissions: "todo:export" },
  share: { anyOf: ["todo:share", "todo:write"] },
};
