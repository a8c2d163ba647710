import type { McpHttpHandler } from "@modelcontextprotocol/server";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { MemoryTodoStore } from "./memory-store.js";
import { ownerOf } from "./owner.js";
import type { TodoStore } from "./store.js";
import { registerTodoTools } from "./tools.js";

export interface TodoHandlerOptions {
  /** Where todos live. Default: a new {@link MemoryTodoStore}. */
  store?: TodoStore;
}

/** The todo server, on the MCP SDK v2: a fresh `McpServer` for each request, made for the caller that the gate let in. */
export function createTodoHandler(options: TodoHandlerOptions = {}): McpHttpHandler {
  const store = options.store ?? new MemoryTodoStore();
  return createMcpHandler(({ authInfo }) => {
    const owner = ownerOf(authInfo);
    const server = new McpServer(
      { name: "todo", title: "Todo", version: "1.0.0" },
      { instructions: "Keeps the caller's todo list. Call list_todos before you change anything." },
    );
    registerTodoTools(server, store, owner);
    return server;
  });
}
