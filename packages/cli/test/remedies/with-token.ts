import { onAnswer, type Remedies } from "./remedy.js";
import { headerIn } from "./wording.js";

/** What each tool of the sample servers needs, as their owner means it. */
export const toolScopes: Readonly<Record<string, string>> = {
  list_todos: "todo:read",
  create_todo: "todo:write",
};

/** Remedies for what only a good token shows, by the finding's code. */
export const withTokenRemedies = {
  "sloppy-credentials": () => ({
    front: (app) => {
      app.use("/mcp", (request, response, next) => {
        const lines = request.headersDistinct.authorization ?? [];
        const one = lines.length === 1 && /^\S+ +\S+$/.test(lines[0] ?? "");
        if (lines.length === 0 || one) return next();
        response.status(400).end();
      });
    },
  }),
  // The sample's own body says which scope it wants; the change leaves that one open.
  "step-up-without-challenge": (change) =>
    onAnswer((response, request) => {
      if (response.statusCode !== 403 || calledTool(request) !== toolIn(change)) return;
      const challenge = headerIn(change, "WWW-Authenticate").replace(/<[^>]*>/, "todo:write");
      response.set("WWW-Authenticate", challenge);
    }),
  "batch-bypasses-scopes": () => ({
    behind: (request, response, next) => {
      if (!Array.isArray(request.body)) return next();
      response.status(400).end();
    },
  }),
  "inside-scope-not-checked": (change) => ({
    behind: (request, response, next) => {
      const needed = /^Unless the token has (\S+),/.exec(change)?.[1] ?? "";
      if (calledTool(request) !== toolIn(change)) return next();
      if (scopesOf(request.headers.authorization).includes(needed)) return next();
      response.status(403).set("WWW-Authenticate", headerIn(change, "WWW-Authenticate")).end();
    },
  }),
} satisfies Remedies;

function toolIn(change: string): string | undefined {
  return /answer calls of (\S+) with/.exec(change)?.[1];
}

/** The tool that a request calls alone; a batch is none. */
function calledTool({ body }: { readonly body?: unknown }): string | undefined {
  const { method, params } = (body ?? {}) as { method?: string; params?: { name?: string } };
  return method === "tools/call" ? params?.name : undefined;
}

/** The scopes of a token that the guard has let in. */
function scopesOf(authorization: string | undefined): readonly string[] {
  const [, claims = ""] = authorization?.split(".") ?? [];
  return String(JSON.parse(Buffer.from(claims, "base64url").toString()).scope).split(" ");
}
