#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addDev } from "./commands/dev.js";
import { UsageError, usageError } from "./commands/exit.js";
import { addInit } from "./commands/init.js";
import { addVerify } from "./commands/verify.js";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

const program = new Command("mcp-authz")
  .description("OAuth authorization for MCP servers: what is wrong with it, and the line that mends it")
  .version(version)
  .exitOverride();
addVerify(program);
addInit(program);
addDev(program);
// Options of commander's are inherited by commands that are added after they are set.
for (const command of program.commands) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : usageError;
  else if (error instanceof UsageError) {
    process.stderr.write(`mcp-authz: ${error.message}\n`);
    process.exitCode = usageError;
  } else throw error;
}
