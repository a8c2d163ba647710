import { createLocalJWKSet, jwtVerify } from "jose";
import type { Context } from "../context.js";
import type { RequestNotes } from "../request-log.js";
import { ApiError, type Message } from "./api.js";
import { orFail } from "./fault.js";
import { METHODS } from "./methods.js";
import { type Json, type Operation, services } from "./services.js";

/**
 * Calls a method of the API with a message in JSON, after checking that the caller is a client of the
 * environment: not of an MCP server, not of an organization, and not a user.
 */
export async function call(
  context: Context,
  operation: Operation,
  authorization: string | undefined,
  input: Message,
  notes: RequestNotes,
): Promise<Json> {
  await checkCaller(context, authorization, notes);
  const method = METHODS[operation.name];
  if (!method) throw new ApiError("unimplemented", `${operation.name} is not part of the dev server`);
  const { protobuf } = await services();
  const { input: asked, output: answered } = operation.method;
  // Both through their description, so that nothing passes that the service would not take or give.
  const request = readable(() => protobuf.fromJson(asked, input as Json, { ignoreUnknownFields: true }));
  const plain = protobuf.toJson(asked, request, { useProtoFieldName: true }) as Message;
  const output = protobuf.fromJson(
    answered,
    (await orFail(context, operation.name, async () => method(context, plain))) as Json,
  );
  return protobuf.toJson(answered, output, { useProtoFieldName: true });
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ApiError(
      "invalid_argument",
      error instanceof Error ? error.message : "the message cannot be read",
    );
  }
}

/** @throws {ApiError} when the token is not that of a client of the environment. Whose it is goes into the log. */
export async function checkCaller(
  { environment, keys, faults, clock }: Context,
  authorization: string | undefined,
  notes: RequestNotes,
): Promise<void> {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
  const verified = await jwtVerify(token, createLocalJWKSet({ keys: [...(await keys.keySet()).keys] }), {
    issuer: environment.url,
    algorithms: ["RS256"],
    currentDate: new Date(clock().getTime() + faults.clockOffset * 1000),
  }).catch(() => undefined);
  const client = environment.clients.get(String(verified?.payload.client_id));
  if (verified?.payload.sub !== undefined) notes.subject = verified.payload.sub;
  if (client) notes.clientId = client.id;
  const ofEnvironment = client && client.serverId === undefined && client.organizationId === undefined;
  if (!verified || !ofEnvironment || verified.payload.sub !== client.id) {
    throw new ApiError("unauthenticated", "an access token of a client of this environment is required");
  }
}
