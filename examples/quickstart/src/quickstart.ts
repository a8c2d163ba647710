import { createDevServer } from "@mcp-authz/dev-server";
import type { CommandLine } from "./command-line.js";
import { commandLineOf, usage } from "./command-line.js";
import { connecting } from "./connecting.js";
import { playEncore } from "./encore.js";
import { libraryScopes, startLibrary } from "./library-server.js";
import { playStory } from "./playing.js";
import { freePort } from "./ports.js";
import { heading, note, styled, tell, tellBriefly, tellScene } from "./printing.js";
import type { Framework } from "./todo-server.js";
import { startTodoServer } from "./todo-server.js";

const resourceId = "res_todo";
const libraryId = "res_library";

/** Both servers, on this machine. */
async function start(framework: Framework) {
  const port = await freePort(3002);
  const url = `http://127.0.0.1:${port}/mcp`;
  const libraryPort = await freePort(3003);
  const libraryUrl = `http://127.0.0.1:${libraryPort}/mcp`;
  const dev = await createDevServer({
    port: await freePort(9000),
    servers: [
      { id: resourceId, name: "Todo", url, scopes: ["todo:read", "todo:write"] },
      { id: libraryId, name: "Library", url: libraryUrl, scopes: libraryScopes },
    ],
    // A person reads the page and presses its button. So does the browser that the script plays.
    approve: "page",
    banner: false,
  });
  const environmentUrl = dev.url;
  const server = await startTodoServer({ framework, port, url, environmentUrl, resourceId });
  const library = { port: libraryPort, url: libraryUrl, environmentUrl, resourceId: libraryId };
  const stopLibrary = await startLibrary(library);
  const stop = () => Promise.all([server.stop(), stopLibrary(), dev.close()]);
  return { place: { url, environmentUrl, resourceId }, libraryUrl, ended: server.ended, stop };
}

async function quickstart({ once, framework }: CommandLine): Promise<void> {
  const { place, libraryUrl, ended, stop } = await start(framework);
  let told = false;
  let interrupted = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      interrupted = true;
      stop().finally(() => process.exit(told ? 0 : 130));
    });
  try {
    console.log(`Authorization server  ${place.environmentUrl}  (plays a Scalekit environment)`);
    console.log(`Todo server           ${place.url}  (on ${framework})`);
    heading("A client on the MCP SDK v2, which speaks the protocol of 2026-07-28");
    await playStory(2, place, tell);
    heading("The same with a client on the MCP SDK v1, which speaks that of 2025");
    note("It replaces the scopes it had with those of a challenge, so its challenge names them all.\n");
    await playStory(1, place, tellBriefly);
    heading("What else one declaration does: a public tool, filtered lists, a late denial");
    for (const version of [2, 1] as const) {
      note(`A client on the MCP SDK v${version}, at a library.\n`);
      await playEncore(version, libraryUrl, tellScene);
    }
    told = true;
    console.log(`\n${styled("green", "Each step was as it must be.")}\n`);
    if (once) return;
    console.log(connecting(place.url));
    await ended;
    if (!interrupted) throw new Error("The todo server has ended by itself.");
  } finally {
    await stop();
  }
}

try {
  const commandLine = commandLineOf(process.argv.slice(2));
  if (commandLine === "help") console.log(usage);
  else await quickstart(commandLine);
} catch (error) {
  console.error(`\n${styled("red", error instanceof Error ? error.message : String(error))}`);
  process.exitCode = 1;
}
