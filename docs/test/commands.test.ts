import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { pages } from "./pages.js";

const cli = fileURLToPath(new URL("../node_modules/mcp-authz/dist/cli.js", import.meta.url));

/** Every call of the command line on the pages, with its flags. */
const calls = pages().flatMap(({ path, text }) =>
  [...text.matchAll(/(?:npx |^|`)mcp-authz ([a-z]+)([^`\n#]*)/gm)].map(([, command = "", rest = ""]) => ({
    path,
    command,
    flags: (rest.split(" -- ")[0] ?? "").match(/(?<= )--[a-z0-9-]+/g) ?? [],
  })),
);

test.each([...new Set(calls.map(({ command }) => command))])(
  "mcp-authz %s has every flag that is shown",
  (command) => {
    const help = execFileSync(process.execPath, [cli, command, "--help"], { encoding: "utf8" });
    const shown = calls.filter((call) => call.command === command);
    expect(
      shown.flatMap(({ path, flags }) =>
        flags.filter((flag) => !help.includes(flag)).map((flag) => [path, flag]),
      ),
    ).toEqual([]);
  },
);
