import { connect, type Socket } from "node:net";
import { type AnswerHead, parseHead, type RawAnswer, rawAnswer } from "./answer.js";
import { type RawRequest, requestBytes } from "./request.js";

/** How long to wait for bytes before giving up, in milliseconds. */
const patience = 10_000;

const bodiless = (status: number): boolean => status === 204 || status === 304;

/**
 * One TCP connection to a server, for requests that an HTTP client would refuse to send or would mend.
 * Requests go out as bytes; answers are read one after the other, so that pipelining and keep-alive can be tested.
 */
export class RawConnection {
  private readonly socket: Socket;
  private readonly host: string;
  private readonly path: string;
  private readonly asked: string[] = [];
  private buffer: Buffer = Buffer.alloc(0);
  private ended = false;
  private wake: () => void = () => undefined;

  private constructor(socket: Socket, url: URL) {
    this.socket = socket;
    this.host = url.host;
    this.path = `${url.pathname}${url.search}`;
    socket.setNoDelay(true);
    socket.on("data", (bytes: Buffer) => {
      this.buffer = Buffer.concat([this.buffer, bytes]);
      this.wake();
    });
    // A reset is how servers end connections whose bodies they do not want: an end, not a failure.
    socket.on("error", () => this.finish());
    socket.on("close", () => this.finish());
    socket.on("end", () => this.finish());
  }

  /** @throws {Error} when nothing listens there. */
  static async open(url: string | URL): Promise<RawConnection> {
    const target = new URL(url);
    const hostname = target.hostname.replace(/^\[|\]$/g, "");
    const socket = connect({ port: Number(target.port || 80), host: hostname });
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve).once("error", reject);
    });
    return new RawConnection(socket, target);
  }

  /** Whether the server has ended the connection. */
  get closed(): boolean {
    return this.ended;
  }

  send(request: RawRequest): void {
    this.asked.push(request.method ?? "POST");
    this.write(requestBytes(request, { target: this.path, host: this.host }));
  }

  write(bytes: string | Uint8Array): void {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  /** The next answer; informational ones (1xx) are passed over. */
  async answer(): Promise<RawAnswer> {
    const head = await this.head();
    const chunks: Buffer[] = [];
    for await (const chunk of this.bodyOf(head)) chunks.push(chunk);
    return rawAnswer(head, Buffer.concat(chunks));
  }

  /** Status and headers of the next answer; read the body with `bodyOf`. */
  async head(): Promise<AnswerHead> {
    for (;;) {
      const head = parseHead((await this.until("\r\n\r\n")).toString("latin1"));
      if (head.status >= 200 || head.status === 101) return head;
    }
  }

  /** The body as it arrives, without its transfer coding. */
  async *bodyOf(head: AnswerHead): AsyncGenerator<Buffer, void, undefined> {
    const method = this.asked.shift();
    if (method === "HEAD" || bodiless(head.status)) return;
    const value = (name: string): string | undefined =>
      head.headers.find(([key]) => key.toLowerCase() === name)?.[1];
    if (/chunked/i.test(value("transfer-encoding") ?? "")) {
      yield* this.chunks();
      return;
    }
    const length = value("content-length");
    if (length !== undefined) {
      yield await this.exactly(Number(length));
      return;
    }
    yield* this.rest();
  }

  /** Resolves when the server ends the connection. */
  async end(): Promise<void> {
    while (!this.ended) await this.more();
  }

  /** Hangs up. */
  destroy(): void {
    this.socket.destroy();
  }

  private finish(): void {
    this.ended = true;
    this.wake();
  }

  private async *chunks(): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      const size = Number.parseInt((await this.until("\r\n")).toString("latin1"), 16);
      if (Number.isNaN(size)) throw new Error("Not a chunk");
      if (size === 0) break;
      yield await this.exactly(size);
      await this.exactly(2);
    }
    while ((await this.until("\r\n")).length > 0);
  }

  private async *rest(): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      if (this.buffer.length > 0) yield this.take(this.buffer.length);
      if (this.ended) return;
      await this.more();
    }
  }

  private async until(mark: string): Promise<Buffer> {
    for (;;) {
      const index = this.buffer.indexOf(mark);
      if (index >= 0) return this.take(index + mark.length).subarray(0, index);
      await this.more();
    }
  }

  private async exactly(length: number): Promise<Buffer> {
    while (this.buffer.length < length) await this.more();
    return this.take(length);
  }

  private take(length: number): Buffer {
    const taken = this.buffer.subarray(0, length);
    this.buffer = this.buffer.subarray(length);
    return taken;
  }

  private async more(): Promise<void> {
    if (this.ended) throw new ConnectionEnded();
    const timeout = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(true), patience);
      this.wake = () => {
        clearTimeout(timer);
        resolve(false);
      };
    });
    if (timeout) throw new Error(`No bytes from the server for ${patience} ms`);
  }
}

/** The server ended the connection where more of an answer was due. */
export class ConnectionEnded extends Error {
  override readonly name = "ConnectionEnded";
  constructor() {
    super("The server ended the connection before its answer was complete");
  }
}

/** Sends one request on a connection of its own and reads the answer. */
export async function exchange(url: string | URL, request: RawRequest): Promise<RawAnswer> {
  const connection = await RawConnection.open(url);
  try {
    connection.send(request);
    return await connection.answer();
  } finally {
    connection.destroy();
  }
}
