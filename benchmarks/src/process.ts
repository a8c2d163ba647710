import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

/** Whether two processes can have a core each: what serves and what asks must not take time from each other. */
export const pinned: boolean =
  availableParallelism() >= 2 && spawnSync("taskset", ["-c", "0", "true"]).status === 0;

export type Core = 0 | 1;

/** Another program of this package, on a core of its own where that can be had. */
export function run(
  program: string,
  args: readonly string[],
  core: Core,
  flags: readonly string[] = [],
): ChildProcess {
  const script = fileURLToPath(new URL(`./${program}.js`, import.meta.url));
  const node = [process.execPath, ...flags, script, ...args];
  const [command, ...rest] = pinned ? ["taskset", "-c", String(core), ...node] : node;
  return spawn(command as string, rest, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, NODE_ENV: "production" },
  });
}

/** The next message of a child; rejects when it ends without one. */
export async function answerOf<T>(child: ChildProcess): Promise<T> {
  const ended = new AbortController();
  const died = once(child, "exit", { signal: ended.signal }).then(
    ([code]) => Promise.reject(new Error(`a process ended with ${code} before it answered`)),
    () => new Promise<never>(() => {}),
  );
  try {
    const [answer] = await Promise.race([once(child, "message"), died]);
    return answer as T;
  } finally {
    ended.abort();
  }
}

export async function ask<T>(child: ChildProcess, question: object): Promise<T> {
  const answer = answerOf<T>(child);
  child.send(question);
  return answer;
}

/** Runs a program that reports once. */
export async function reportOf<T>(
  program: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<T> {
  const child = run(program, args, 0, flags);
  try {
    return await answerOf<T>(child);
  } finally {
    child.kill();
  }
}
