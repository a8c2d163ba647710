import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The frameworks that there is a todo server for. */
export const frameworks = ["express", "fastify", "hono", "koa"] as const;
export type Framework = (typeof frameworks)[number];

export interface TodoServerOptions {
  framework: Framework;
  port: number;
  /** Public URL of the MCP endpoint. */
  url: string;
  environmentUrl: string;
  resourceId: string;
}

export interface TodoServer {
  /** Resolves when the server has ended, for whatever reason. */
  readonly ended: Promise<unknown>;
  /** Asks the server to end, as an orchestrator would, and gives the exit code; null when it had to be killed. */
  stop(): Promise<number | null>;
}

/**
 * Starts `examples/<framework>-todo` as a process of its own, and waits until it is healthy.
 * @throws {Error} with what the server said, when it ends instead.
 */
export async function startTodoServer(options: TodoServerOptions): Promise<TodoServer> {
  const program = new URL(`../../${options.framework}-todo/dist/server.js`, import.meta.url);
  const child = spawn(process.execPath, [fileURLToPath(program)], {
    env: environmentFor(options),
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const ended = once(child, "exit") as Promise<[number | null]>;
  const health = new URL("/health", options.url);

  for (let attempt = 0; attempt < 150 && child.exitCode === null; attempt++) {
    const healthy = await fetch(health).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) return { ended, stop };
    await sleep(100);
  }
  child.kill("SIGKILL");
  throw new Error(`The todo server on ${options.framework} did not start.\n${said}`);

  async function stop(): Promise<number | null> {
    if (child.exitCode === null) child.kill("SIGTERM");
    const [code] = await ended;
    return code;
  }
}

/** The four variables and nothing else of Scalekit's: credentials of a real environment have no place in here. */
function environmentFor(options: TodoServerOptions): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^((SCALEKIT|SK)_|PROTECTED_RESOURCE_METADATA$)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    PORT: String(options.port),
    MCP_URL: options.url,
    SCALEKIT_ENVIRONMENT_URL: options.environmentUrl,
    SCALEKIT_RESOURCE_ID: options.resourceId,
  };
}
