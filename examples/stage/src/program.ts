import { spawn } from "node:child_process";
import { once } from "node:events";

/** An example that runs as a process of its own. */
export interface Program {
  /** Resolves with the first match in what it prints, in as many lines as it takes. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves with the exit code, once it ends by itself. */
  readonly ended: Promise<number | null>;
  /** Asks it to end, as an orchestrator would. */
  stop(): Promise<number | null>;
}

/**
 * Starts an example as its README does: without a single variable of an authorization server.
 *
 * @param file its `dist/main.js`
 * @param environment more variables for it
 */
export function startProgram(file: string, environment: Readonly<Record<string, string>> = {}): Program {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(SCALEKIT_|SK_|MCP_|NODE_ENV$|PORT$|BASE_URL$)/.test(name),
  );
  const env = { ...Object.fromEntries(inherited), ...environment };
  const child = spawn(process.execPath, [file], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const take = (text: string): void => {
    said += text;
    child.emit("said");
  };
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);
  const ended = once(child, "exit").then(([code]) => code as number | null);

  return {
    async printed(pattern) {
      for (;;) {
        const match = pattern.exec(said);
        if (match !== null) return match;
        const more = await Promise.race([once(child, "said").then(() => true), ended.then(() => false)]);
        if (!more && pattern.exec(said) === null)
          throw new Error(`${file} ended without ${pattern}. It said:\n${said}`);
      }
    },
    ended,
    stop: () => {
      if (child.exitCode === null) child.kill("SIGTERM");
      return ended;
    },
  };
}
