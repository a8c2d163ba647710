import type { Context } from "../context.js";

/** A message in protobuf's JSON form, with the field names of the `.proto` file, as Scalekit's REST API has it. */
export type Message = Readonly<Record<string, unknown>>;

/** One method of the environment's API, the same for gRPC and REST. */
export type Method = (context: Context, input: Message) => Message | Promise<Message>;

/** Methods by name, for example `scalekit.v1.clients.ClientService/CreateResource`. */
export type Methods = Readonly<Record<string, Method>>;

/** gRPC status codes that this API answers with, and their HTTP statuses. */
export const API_STATUS = {
  invalid_argument: { grpc: 3, http: 400 },
  not_found: { grpc: 5, http: 404 },
  already_exists: { grpc: 6, http: 409 },
  failed_precondition: { grpc: 9, http: 400 },
  unimplemented: { grpc: 12, http: 501 },
  internal: { grpc: 13, http: 500 },
  unauthenticated: { grpc: 16, http: 401 },
} as const;

/** A refusal of the API. */
export class ApiError extends Error {
  readonly status: keyof typeof API_STATUS;

  constructor(status: keyof typeof API_STATUS, message: string) {
    super(message);
    this.status = status;
  }
}

export function notFound(kind: string, id: unknown): ApiError {
  return new ApiError("not_found", `${kind} ${String(id)} not found`);
}

/** The text in a field; `undefined` where protobuf's default, the empty text, stands for nothing. */
export function text(message: unknown, field: string): string | undefined {
  const value = (message as Message | undefined)?.[field];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function texts(message: unknown, field: string): readonly string[] {
  const value = (message as Message | undefined)?.[field];
  return Array.isArray(value) ? value.map(String) : [];
}

/** A whole number; protobuf's JSON writes 64-bit ones as text. */
export function number(message: unknown, field: string): number | undefined {
  const value = Number((message as Message | undefined)?.[field] ?? 0);
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

/** A message without its undefined fields. */
export function message(fields: Message): Message {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const PAGE_SIZE = 30;

/** One page of a list, by opaque cursor. */
export function page<T>(
  all: readonly T[],
  input: Message,
): { readonly items: readonly T[]; readonly paging: Message } {
  const cursor = text(input, "page_token");
  const offset = cursor === undefined ? "0" : Buffer.from(cursor, "base64url").toString("utf8");
  if (!/^\d{1,9}$/.test(offset)) throw new ApiError("invalid_argument", "page_token is not one of ours");
  const start = Number(offset);
  const size = Math.min(number(input, "page_size") ?? PAGE_SIZE, 100);
  const token = (offset: number): string => Buffer.from(String(offset)).toString("base64url");
  return {
    items: all.slice(start, start + size),
    paging: message({
      total_size: all.length,
      next_page_token: start + size < all.length ? token(start + size) : undefined,
      prev_page_token: start > 0 ? token(Math.max(0, start - size)) : undefined,
    }),
  };
}
