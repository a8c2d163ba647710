import { createServer } from "node:http";
import * as test from "node:test";
import { mcpAuthz } from "@mcp-authz/express";
import { runContract } from "@mcp-authz/testing";
import express from "express";
import { listening } from "./listening.js";

runContract({
  name: "Express",
  test,
  mount: (options) => listening(createServer(express().use(mcpAuthz(options)))),
});
