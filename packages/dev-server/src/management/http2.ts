import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { ConnectRouter } from "@connectrpc/connect";
import type { Context } from "../context.js";
import { API_STATUS, ApiError, type Message } from "./api.js";
import { call } from "./call.js";
import { type Services, services } from "./services.js";

type Handler = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

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
  response.once("finish", () =>
    context.log.add({ method, path, status: response.statusCode }, { kind: "management" }),
  );
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
  return connectNodeAdapter({
    connect: false,
    grpcWeb: false,
    routes: (router) => addServices(router, context, known, connect.ConnectError),
  });
}

function addServices(
  router: ConnectRouter,
  context: Context,
  { operations, protobuf }: Services,
  ConnectError: typeof import("@connectrpc/connect").ConnectError,
): void {
  for (const operation of operations) {
    const { method } = operation;
    router.rpc(method, async (request, { requestHeader }) => {
      const input = protobuf.toJson(method.input, request, { useProtoFieldName: true }) as Message;
      try {
        const output = await call(context, operation, requestHeader.get("authorization") ?? undefined, input);
        return protobuf.fromJson(method.output, output);
      } catch (error) {
        if (error instanceof ApiError) throw new ConnectError(error.message, API_STATUS[error.status].grpc);
        throw error;
      }
    });
  }
}
