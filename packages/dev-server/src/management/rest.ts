import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "../context.js";
import { readBody, sendJson } from "../http.js";
import type { RequestNotes } from "../request-log.js";
import { API_STATUS, ApiError, type Message } from "./api.js";
import { call, checkCaller } from "./call.js";
import { orFail } from "./fault.js";
import type { RestRule } from "./rest-rules.js";
import { type Operation, services } from "./services.js";
import { WORKSPACE, type WorkspaceRoute } from "./workspace.js";

/** `/api/v1/…`: the same methods as over gRPC, at the paths that their descriptions name. */
export async function handleRest(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  notes: RequestNotes,
): Promise<void> {
  notes.kind = "management";
  try {
    const { pathname, searchParams } = new URL(request.url ?? "/", context.environment.url);
    const match = await find(request.method ?? "GET", pathname);
    if (!match) throw new ApiError("not_found", "there is no such path in the API");
    const body = match.rule.body === "" ? undefined : parse(await readBody(request));
    const input: Message = {
      ...Object.fromEntries(searchParams),
      ...(match.rule.body === "*" ? (body as Message) : {}),
      ...(match.rule.body === "" || match.rule.body === "*" ? {} : { [match.rule.body]: body }),
      ...match.parameters,
    };
    sendJson(response, 200, await answer(context, match.target, request.headers.authorization, input, notes));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    notes.error = error.status;
    notes.errorDescription = error.message;
    const { http, grpc } = API_STATUS[error.status];
    sendJson(response, http, { code: grpc, message: error.message, details: [] });
  }
}

async function answer(
  context: Context,
  target: Operation | WorkspaceRoute,
  authorization: string | undefined,
  input: Message,
  notes: RequestNotes,
): Promise<unknown> {
  if (!("verb" in target)) return call(context, target, authorization, input, notes);
  await checkCaller(context, authorization, notes);
  return orFail(context, target.name, async () => target.method(context, input));
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new ApiError("invalid_argument", "the body is not JSON");
  }
}

interface Match {
  readonly target: Operation | WorkspaceRoute;
  readonly rule: RestRule;
  readonly parameters: Readonly<Record<string, string>>;
}

async function find(verb: string, path: string): Promise<Match | undefined> {
  const { operations } = await services();
  for (const operation of operations) {
    for (const rule of operation.rest) {
      const parameters = rule.verb === verb ? matchPath(rule.path, path) : undefined;
      if (parameters) return { target: operation, rule, parameters };
    }
  }
  for (const target of WORKSPACE) {
    const parameters = target.verb === verb ? matchPath(target.path, path) : undefined;
    const body = verb === "POST" ? "*" : "";
    if (parameters) return { target, rule: { verb, path: target.path, body }, parameters };
  }
  return undefined;
}

/** The values of a template's variables in a path: `/api/v1/resources/{resource_id}`. */
function matchPath(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const names: string[] = [];
  const pattern = template
    .replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&")
    .replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
      names.push(name);
      return "([^/:]+)";
    });
  const match = new RegExp(`^${pattern}$`).exec(path);
  if (!match) return undefined;
  return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? "")]));
}
