// A server as a command of the contract starts it; see command.test.ts.
import { createServer } from "node:http";
import { mcpAuthz } from "@mcp-authz/core/node";
import { contractOptions } from "../../dist/index.js";

createServer(mcpAuthz(contractOptions())).listen(Number(process.env.PORT), "127.0.0.1");
