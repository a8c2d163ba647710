import { deepStrictEqual, equal, match, ok } from "node:assert/strict";
import { ConnectionEnded, type RawConnection } from "../../raw/connection.js";
import { authorized, callFor, legacy, listTodos } from "../requests.js";
import type { ContractScenario, Scene } from "../row.js";

const main = "main" as const;

/** Reads a stream until its first event is there, and leaves the rest to come. */
async function firstEvent(connection: RawConnection): Promise<AsyncGenerator<Buffer, void, undefined>> {
  const head = await connection.head();
  equal(head.status, 200);
  const value = (name: string) => head.headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? "";
  match(value("content-type"), /^text\/event-stream/i);
  equal(value("cache-control"), "no-cache, no-transform");
  equal(value("www-authenticate"), "");
  const body = connection.bodyOf(head);
  let text = "";
  while (!text.includes("\n\n")) {
    const part = await body.next();
    ok(part.done !== true, "the stream ended before its first event");
    text += part.value.toString();
  }
  match(text, /notifications\/progress/);
  return body;
}

/** Reads a stream to its end, or to where it is cut off: how a stream ends whose handler does not. */
async function restOf(body: AsyncGenerator<Buffer, void, undefined>): Promise<string> {
  let text = "";
  try {
    for await (const part of body) text += part.toString();
  } catch (error) {
    if (!(error instanceof ConnectionEnded)) throw error;
  }
  return text;
}

/** Waits for the end of an answer that may say nothing. */
async function endOf(connection: RawConnection): Promise<void> {
  const head = await connection.head();
  await restOf(connection.bodyOf(head));
}

/** A connection on which a call waits or streams, with a token of so many seconds. */
async function calling(scene: Scene, answer: string, seconds?: number): Promise<RawConnection> {
  const exp = seconds === undefined ? {} : { exp: Math.ceil(Date.now() / 1000) + seconds };
  const connection = await scene.open();
  connection.send(authorized(scene.mints.mint.token(exp), callFor(answer)));
  return connection;
}

const last = (scene: Scene) => {
  const run = scene.probe.runs.at(-1);
  ok(run, "the handler did not run");
  return run;
};

export const streams: readonly ContractScenario[] = [
  {
    rows: ["P8"],
    title: "passes a whole stream on",
    why: "MCP Streamable HTTP: a request is answered with JSON or with an event stream",
    setup: main,
    async run(scene) {
      const answer = await scene.exchange(authorized(scene.mints.mint.token(), callFor("sse")));
      equal(answer.status, 200);
      const result =
        '{"jsonrpc":"2.0","id":1,"result":{"served":"tools/call list_todos","to":"user_1","scopes":"todo:read"}}';
      equal(
        answer.text,
        `event: message\ndata: {"jsonrpc":"2.0","method":"notifications/progress"}\n\nevent: message\ndata: ${result}\n\n`,
      );
    },
  },
  {
    rows: ["P8", "N205"],
    title: "passes events on while the stream is open, and tells the handler when the client hangs up",
    why: "MCP 2026-07-28 Streamable HTTP, Cancellation: closing the stream cancels the request",
    setup: main,
    async run(scene) {
      const connection = await calling(scene, "stream");
      await firstEvent(connection);
      equal(last(scene).aborted, false);
      connection.destroy();
      await scene.probe.until("the signal of the request has fired", (runs) => runs.at(-1)?.aborted === true);
    },
  },
  {
    rows: ["N205"],
    title: "tells the handler that the client hangs up before there is an answer",
    why: "MCP 2026-07-28 Streamable HTTP, Cancellation: stop work, send nothing more",
    setup: main,
    async run(scene) {
      const connection = await calling(scene, "wait");
      await scene.probe.until("the handler has begun", (runs) => runs.length === 1);
      connection.destroy();
      await scene.probe.until("the signal of the request has fired", (runs) => runs.at(-1)?.aborted === true);
    },
  },
  {
    rows: ["N197"],
    title: "ends streams when their tokens expire, also when the handler does not",
    why: "RFC 9068 §4: after exp the token is not accepted; a stream is no exception",
    setup: main,
    async run(scene) {
      // Of a route that has not begun to answer, nobody can know that it is going to be a stream.
      const quiet = scene.servedBy === "gate" ? "silent" : "stubborn";
      const [willing, stubborn, silent] = await Promise.all([
        calling(scene, "stream", 1),
        calling(scene, "stubborn", 1),
        calling(scene, quiet, 1),
      ]);
      const [ending, cut] = await Promise.all([firstEvent(willing), firstEvent(stubborn)]);
      const [farewell] = await Promise.all([restOf(ending), restOf(cut), endOf(silent)]);
      // A handler behind the gate gets a moment for its last words; a route of the application's own is cut off.
      if (scene.servedBy === "gate") match(farewell, /"served":"tools\/call list_todos"/);
      const { status } = await scene.exchange(authorized(scene.mints.mint.wrong("expired"), listTodos));
      equal(status, 401);
      for (const connection of [willing, stubborn, silent]) connection.destroy();
    },
  },
  {
    rows: ["N105"],
    title: "asks for credentials again on a connection that has had some",
    why: "MCP 2026-07-28 Authorization: every request carries its token, also within one session",
    setup: main,
    async run(scene) {
      const connection = await scene.open();
      const statuses: number[] = [];
      for (const request of [
        authorized(scene.mints.mint.token(), listTodos),
        listTodos,
        authorized(scene.mints.mint.token(), listTodos),
      ]) {
        connection.send(request);
        statuses.push((await connection.answer()).status);
      }
      deepStrictEqual(statuses, [200, 401, 200]);
      equal(scene.probe.runs.length, 2);
      connection.destroy();
    },
  },
  {
    rows: ["N105"],
    title: "tells pipelined requests apart",
    why: "RFC 9112 §9.3.2: requests may follow each other before their answers",
    setup: main,
    async run(scene) {
      const connection = await scene.open();
      const alice = scene.mints.mint.token({ sub: "alice" });
      const bob = scene.mints.mint.token({ sub: "bob" });
      for (const request of [authorized(alice, listTodos), listTodos, authorized(bob, listTodos)])
        connection.send(request);
      const answers = [await connection.answer(), await connection.answer(), await connection.answer()];
      deepStrictEqual(
        answers.map(({ status }) => status),
        [200, 401, 200],
      );
      deepStrictEqual(
        scene.probe.runs.map(({ caller }) => caller?.extra["subject"]),
        ["alice", "bob"],
      );
      connection.destroy();
    },
  },
  {
    rows: ["N202"],
    title: "never mixes up the callers of 200 requests at once",
    why: "CWE-488: what belongs to one caller is never seen by another",
    setup: main,
    async run(scene) {
      const connections = await Promise.all(Array.from({ length: 20 }, () => scene.open()));
      const seen = await Promise.all(
        connections.map(async (connection, index) => {
          const answers: string[] = [];
          for (let turn = 0; turn < 10; turn += 1) {
            const sub = (index + turn) % 2 === 0 ? "alice" : "bob";
            const id = `${sub} ${index} ${turn}`;
            const token = scene.mints.mint.token({ sub, client_id: `client of ${sub}` });
            const params = { name: "list_todos", arguments: { answer: "together", of: 20, id } };
            connection.send(authorized(token, legacy("tools/call", params, { id })));
            const { id: to, result } = (await connection.answer()).json() as {
              id: string;
              result: { to: string };
            };
            answers.push(to === id && result.to === sub ? "own" : `${id} got ${to} of ${result.to}`);
          }
          connection.destroy();
          return answers;
        }),
      );
      deepStrictEqual(new Set(seen.flat()), new Set(["own"]));
      equal(scene.probe.runs.length, 200);
      for (const { parsed, caller } of scene.probe.runs) {
        const id = (parsed as { params: { arguments: { id: string } } }).params.arguments.id;
        equal(caller?.clientId, `client of ${id.split(" ")[0]}`);
      }
    },
  },
  {
    rows: ["N176"],
    title: "does not wait for ever for a body, and serves on",
    why: "RFC 9110 §15.5.9, CWE-400: slow bodies hold no server",
    setup: "limits",
    needsBodies: true,
    async run(scene) {
      const slow = await scene.open();
      slow.send({
        headers: [
          ["Authorization", `Bearer ${scene.mints.mint.token()}`],
          ["Content-Type", "application/json"],
          ["Content-Length", "100"],
        ],
        body: "{",
      });
      const answer = await slow.answer();
      equal(answer.status, 408);
      deepStrictEqual(answer.json(), {
        jsonrpc: "2.0",
        error: { code: -32600, message: "Request body took too long" },
      });
      slow.destroy();
      equal((await scene.exchange(authorized(scene.mints.mint.token(), listTodos))).status, 200);
      equal(scene.probe.runs.length, 1);
    },
  },
  {
    rows: ["N176"],
    title: "forgets a client that goes away in the middle of its body, and serves on",
    why: "RFC 9112 §8: an incomplete message is not acted upon",
    setup: main,
    async run(scene) {
      const gone = await scene.open();
      gone.send({
        headers: [
          ["Authorization", `Bearer ${scene.mints.mint.token()}`],
          ["Content-Type", "application/json"],
          ["Content-Length", "5000"],
        ],
        body: listTodos.body as string,
      });
      await new Promise(setImmediate);
      gone.destroy();
      equal((await scene.exchange(authorized(scene.mints.mint.token(), listTodos))).status, 200);
      equal(scene.probe.runs.length, 1);
    },
  },
];
