import type { DescMethod } from "@bufbuild/protobuf";

/** One REST call, as `google.api.http` maps it to a method. */
export interface RestRule {
  readonly verb: string;
  /** For example `/api/v1/resources/{resource_id}`. */
  readonly path: string;
  /** The field that the body holds; `*`: the whole message; `""`: there is no body. */
  readonly body: string;
}

/** The option's number. The SDK ships the annotations without their description, so they are read as they lie. */
const HTTP_OPTION = 72295728;

const VERBS: ReadonlyMap<number, string> = new Map([
  [2, "GET"],
  [3, "PUT"],
  [4, "POST"],
  [5, "DELETE"],
  [6, "PATCH"],
]);
const BODY = 7;
const ADDITIONAL_BINDINGS = 11;

export function restRules(method: DescMethod): readonly RestRule[] {
  const option = method.proto.options?.$unknown?.find((field) => field.no === HTTP_OPTION);
  if (!option) return [];
  const bytes = Buffer.from(option.data);
  const { end } = varint(bytes, 0);
  return parseRule(bytes.subarray(end));
}

function parseRule(bytes: Buffer): readonly RestRule[] {
  let found: { verb: string; path: string } | undefined;
  let body = "";
  const more: RestRule[] = [];
  for (const { number, value } of fields(bytes)) {
    const verb = VERBS.get(number);
    if (verb !== undefined) found = { verb, path: value.toString("utf8") };
    if (number === BODY) body = value.toString("utf8");
    if (number === ADDITIONAL_BINDINGS) more.push(...parseRule(value));
  }
  return found ? [{ ...found, body }, ...more] : more;
}

/** The length-delimited fields of a message, which are all that an `HttpRule` has. */
function* fields(bytes: Buffer): Generator<{ readonly number: number; readonly value: Buffer }> {
  let at = 0;
  while (at < bytes.length) {
    const tag = varint(bytes, at);
    const length = varint(bytes, tag.end);
    at = length.end + length.value;
    yield { number: tag.value >> 3, value: bytes.subarray(length.end, at) };
  }
}

function varint(bytes: Buffer, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let at = start;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at] ?? 0;
    at += 1;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value, end: at };
  }
}
