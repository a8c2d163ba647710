/** Header lines as received: in order, duplicates kept, names as spelt by the sender. */
export type HeaderLines = readonly (readonly [name: string, value: string])[];

/** A complete answer, or as much of it as the limits allow. */
export interface Answer {
  readonly kind: "answer";
  /** The URL that gave this answer, after redirects. */
  readonly url: string;
  readonly status: number;
  readonly headers: HeaderLines;
  readonly body: string;
  /** The body was longer than the limit, or the stream was left open. */
  readonly truncated: boolean;
  /** From the first byte sent to the last byte read. */
  readonly milliseconds: number;
  /** Locations that were followed to get here. */
  readonly redirects: readonly string[];
}

export type FailureReason =
  | "address refused"
  | "url refused"
  | "name not found"
  | "connection failed"
  | "certificate"
  | "not tls"
  | "timed out"
  | "not http"
  | "too many redirects"
  | "redirect refused"
  | "stopped";

/** No answer: why, in words fit to print. */
export interface Failure {
  readonly kind: "failure";
  readonly url: string;
  readonly reason: FailureReason;
  readonly detail: string;
  readonly milliseconds: number;
}

export type Outcome = Answer | Failure;

/** All values of one header, in order. Names are case-insensitive (RFC 9110 §5.1). */
export function headerValues(answer: Answer, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return answer.headers.filter(([field]) => field.toLowerCase() === wanted).map(([, value]) => value);
}

/** The values of one header as `fetch` gives them: joined by a comma; undefined when there is none. */
export function header(answer: Answer, name: string): string | undefined {
  const values = headerValues(answer, name);
  return values.length === 0 ? undefined : values.join(", ");
}

export function isSuccess(answer: Answer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/** Whether there was an answer, and a good one. */
export function succeeded(outcome: Outcome): boolean {
  return outcome.kind === "answer" && isSuccess(outcome);
}

export function isRedirect(answer: Answer): boolean {
  return answer.status >= 300 && answer.status < 400 && answer.status !== 304;
}

/** The body as JSON object, or undefined when it is anything else. */
export function jsonObject(answer: Answer): Readonly<Record<string, unknown>> | undefined {
  try {
    return objectOf(JSON.parse(answer.body));
  } catch {
    return undefined;
  }
}

export function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

/** The strings of a value that should be an array of strings; undefined when it is no such array. */
export function stringsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
}

export function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** In one line what came back. */
export function summary(outcome: Outcome): string {
  if (outcome.kind === "failure") return `${outcome.reason}: ${outcome.detail}`;
  const type = header(outcome, "content-type");
  return type === undefined ? `HTTP ${outcome.status}` : `HTTP ${outcome.status}, ${type}`;
}

/** An answer in which no secret stands: a server may echo a token, a report must not. */
export function withoutSecrets(outcome: Outcome, secrets: ReadonlySet<string>): Outcome {
  if (outcome.kind === "failure" || secrets.size === 0) return outcome;
  const clean = (text: string): string =>
    [...secrets].reduce((rest, secret) => rest.replaceAll(secret, "<token>"), text);
  return {
    ...outcome,
    headers: outcome.headers.map(([name, value]) => [name, clean(value)] as const),
    body: clean(outcome.body),
  };
}
