import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { ConnectRouter } from "@connectrpc/connect";
import type { Context } from "../context.js";
import type { RequestNotes } from "../request-log.js";
import { API_STATUS, ApiError, type Message } from "./api.js";
import { call } from "./call.js";
import { type Services, services } from "./services.js";

type Handler = (request: Http2ServerRequest, response: Http2ServerResponse) => void;
type Connect = typeof import("@connectrpc/connect");
type NotesKey = ReturnType<typeof import("@connectrpc/connect").createContextKey<RequestNotes>>;

const notesOf = new WeakMap<object, RequestNotes>();
const handlers = new WeakMap<Context, Promise<Handler>>();

/** gRPC, which is all that anybody speaks HTTP/2 to this server for. */
export function handleHttp2Request(
  context: Context,
  request: Http2ServerRequest,
  response: Http2ServerResponse,
): void {
  const handler = handlers.get(context) ?? createHandler(context);
  handlers.set(context, handler);
  const { method, url: path } = request;
  const notes: RequestNotes = { kind: "management" };
  notesOf.set(request, notes);
  response.once("finish", () => context.log.add({ method, path, status: response.statusCode }, notes));
  handler.then(
    (handle) => handle(request, response),
    () => response.stream.close(),
  );
}

async function createHandler(context: Context): Promise<Handler> {
  const [{ connectNodeAdapter }, connect, known] = await Promise.all([
    import("@connectrpc/connect-node"),
    import("@connectrpc/connect"),
    services(),
  ]);
  const key: NotesKey = connect.createContextKey<RequestNotes>({});
  return connectNodeAdapter({
    connect: false,
    grpcWeb: false,
    contextValues: (request) => connect.createContextValues().set(key, notesOf.get(request) ?? {}),
    routes: (router) => addServices(router, context, known, connect, key),
  });
}

function addServices(
  router: ConnectRouter,
  context: Context,
  { operations, protobuf }: Services,
  { ConnectError }: Connect,
  key: NotesKey,
): void {
  for (const operation of operations) {
    const { method } = operation;
    router.rpc(method, async (request, { requestHeader, values }) => {
      const notes = values.get(key);
      const input = protobuf.toJson(method.input, request, { useProtoFieldName: true }) as Message;
      try {
        const authorization = requestHeader.get("authorization") ?? undefined;
        const output = await call(context, operation, authorization, input, notes);
        return protobuf.fromJson(method.output, output);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        notes.error = error.status;
        notes.errorDescription = error.message;
        throw new ConnectError(error.message, API_STATUS[error.status].grpc);
      }
    });
  }
}
