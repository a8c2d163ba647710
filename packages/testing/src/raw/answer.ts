/** An HTTP/1.1 answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  /** Every header line, in order, names as spelled. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The body without its transfer coding. */
  readonly body: Buffer;
  /** The first value of a header, whatever its spelling. */
  header(name: string): string | undefined;
  /** Every value of a header, one for each line. */
  values(name: string): readonly string[];
  readonly text: string;
  /** @throws {SyntaxError} when the body is not JSON. */
  json(): unknown;
}

/** Status and header lines; the body is still to come. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: RawAnswer["headers"];
}

export function rawAnswer(head: AnswerHead, body: Buffer): RawAnswer {
  const values = (name: string): string[] =>
    head.headers.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
  return {
    ...head,
    body,
    values,
    header: (name) => values(name)[0],
    get text() {
      return body.toString("utf8");
    },
    json: () => JSON.parse(body.toString("utf8")) as unknown,
  };
}

/** @throws {Error} when the text is not an HTTP/1.1 status line with header lines. */
export function parseHead(text: string): AnswerHead {
  const [statusLine = "", ...lines] = text.split("\r\n");
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1];
  if (status === undefined) throw new Error(`Not an HTTP answer: ${JSON.stringify(statusLine)}`);
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    if (colon < 1) throw new Error(`Not a header line: ${JSON.stringify(line)}`);
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  return { status: Number(status), headers };
}
