/** The load generator: keeps connections busy with one request each, and counts the answers. Talks by messages. */
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";

export interface LoadOrder {
  readonly order: "start";
  readonly port: number;
  /** Request line and headers, without `Authorization` and the blank line; CRLF at the end of each. */
  readonly head: string;
  readonly body: string;
  readonly tokens: "none" | "seen" | "fresh";
  /** Of the fresh tokens, the one to begin with. */
  readonly from: number;
  readonly connections: number;
}

export interface LoadMark {
  /** Milliseconds. */
  readonly at: number;
  readonly answers: number;
}

export interface LoadEnd {
  /** Answers whose status was not 200. */
  readonly refused: number;
  /** The first answer, so that somebody can look at it. */
  readonly sample: string;
  readonly next: number;
}

const tokens = readFileSync(process.argv[2] as string, "latin1").split("\n");
const seen = tokens.slice(0, 256);
const fresh = tokens.slice(256);

let order: LoadOrder;
let requests: Buffer[] = [];
let next = 0;
let answers = 0;
let refused = 0;
let sample = "";
let sampled = false;
let running = false;
let idle = 0;
let whenIdle = () => {};
let sockets: Socket[] = [];

const built = new Map<string, Buffer[]>();

function requestsFor({ head, body, tokens: kind }: LoadOrder): Buffer[] {
  const key = `${kind}\n${head}\n${body}`;
  const known = built.get(key);
  if (known !== undefined) return known;
  const end = `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const list = kind === "none" ? [""] : kind === "seen" ? seen : fresh;
  const all = list.map((token) =>
    Buffer.from(`${head}${token === "" ? "" : `Authorization: Bearer ${token}\r\n`}${end}`),
  );
  // Fresh tokens are many: one template of them is enough to hold.
  if (kind === "fresh") for (const other of built.keys()) if (other.startsWith("fresh")) built.delete(other);
  built.set(key, all);
  return all;
}

/**
 * A process that sleeps has to be woken, and whoever writes to it pays. So that servers do not pay more for being slower
 * than this generator, it never sleeps while there is load.
 */
function stayAwake(): void {
  if (running) setImmediate(stayAwake);
}

function send(socket: Socket): void {
  if (!running) {
    idle++;
    if (idle === sockets.length) whenIdle();
    return;
  }
  socket.write(requests[next++ % requests.length] as Buffer);
}

function open(port: number): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  const answered = answerReader();
  socket.on("data", (chunk) => {
    // The first answer of the slot's first connection; its head and its body may come in two pieces.
    if (socket === sockets[0] && !sampled) sample += chunk.toString("utf8", 0, 4096);
    if (!answered(chunk)) return;
    if (socket === sockets[0]) sampled = true;
    answers++;
    send(socket);
  });
  socket.on("connect", () => send(socket));
  socket.on("error", (error) => {
    throw error;
  });
  return socket;
}

/** Says when an answer is complete; there is only ever one on its way. */
function answerReader(): (chunk: Buffer) => boolean {
  let missing = 0;
  let chunked = false;
  let tail = "";
  return (chunk) => {
    if (missing > 0) {
      missing -= chunk.length;
      return missing <= 0;
    }
    if (chunked) {
      tail = (tail + chunk.toString("latin1", Math.max(0, chunk.length - 5))).slice(-5);
      if (tail !== "0\r\n\r\n") return false;
      chunked = false;
      return true;
    }
    const end = chunk.indexOf("\r\n\r\n") + 4;
    if (end < 4) throw new Error("the head of an answer came in pieces");
    if (chunk.toString("latin1", 9, 12) !== "200") refused++;
    const head = chunk.toString("latin1", 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    if (length !== null) {
      missing = end + Number(length[1]) - chunk.length;
      return missing <= 0;
    }
    chunked = /\r\ntransfer-encoding: *chunked/i.test(head);
    if (!chunked) throw new Error(`an answer without a length:\n${head}`);
    tail = chunk.toString("latin1", chunk.length - 5);
    if (tail !== "0\r\n\r\n") return false;
    chunked = false;
    return true;
  };
}

process.on("message", (message: LoadOrder | { readonly order: "mark" | "stop" }) => {
  switch (message.order) {
    case "start":
      order = message;
      requests = requestsFor(order);
      next = order.from;
      answers = refused = idle = 0;
      sample = "";
      sampled = false;
      running = true;
      stayAwake();
      sockets = Array.from({ length: order.connections }, () => open(order.port));
      process.send?.({});
      break;
    case "mark":
      process.send?.({ at: performance.now(), answers } satisfies LoadMark);
      break;
    case "stop":
      running = false;
      whenIdle = () => {
        for (const socket of sockets) socket.destroy();
        process.send?.({ refused, sample, next } satisfies LoadEnd);
      };
      break;
  }
});
process.on("disconnect", () => process.exit());
process.send?.({});
