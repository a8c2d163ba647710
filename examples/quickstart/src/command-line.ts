import { parseArgs } from "node:util";
import type { Framework } from "./todo-server.js";
import { frameworks } from "./todo-server.js";

export interface CommandLine {
  /** End after the story instead of staying up. */
  once: boolean;
  framework: Framework;
}

export const usage: string = `npm run quickstart -- [--once] [--framework ${frameworks.join("|")}]

  --once        end after the story; the exit status is 0 only if each step was as it must be
  --framework   the framework under the todo server (express)`;

/** @throws {Error} with a sentence, for an option that there is not. */
export function commandLineOf(parameters: readonly string[]): CommandLine | "help" {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      once: { type: "boolean", default: false },
      framework: { type: "string", default: "express" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  const framework = frameworks.find((name) => name === values.framework);
  if (framework === undefined)
    throw new Error(
      `There is no todo server on ${JSON.stringify(values.framework)}: choose one of ${frameworks.join(", ")}.`,
    );
  return { once: values.once, framework };
}
