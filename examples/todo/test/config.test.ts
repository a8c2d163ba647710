import { expect, test } from "vitest";
import { ConfigError, configOf } from "../src/config.js";

const complete = {
  PORT: "4000",
  MCP_URL: "http://127.0.0.1:4000/mcp",
  SCALEKIT_ENVIRONMENT_URL: "https://acme.scalekit.dev",
  SCALEKIT_RESOURCE_ID: "res_1",
};

test("a complete environment gives port, host and resource", () => {
  expect(configOf(complete)).toEqual({
    port: 4000,
    host: "127.0.0.1",
    resource: "http://127.0.0.1:4000/mcp",
  });
});

test("the port is 3002 unless PORT says otherwise", () => {
  expect(configOf({ ...complete, PORT: undefined }).port).toBe(3002);
});

test.each([
  ["http://localhost:3002/mcp", "localhost"],
  ["http://[::1]:3002/mcp", "::1"],
  ["https://mcp.example.com/mcp", "0.0.0.0"],
])("with MCP_URL %s it listens on %s", (MCP_URL, host) => {
  expect(configOf({ ...complete, MCP_URL }).host).toBe(host);
});

test("everything that is missing is said at once", () => {
  expect(() => configOf({ PORT: "many" })).toThrow(
    new ConfigError([
      "MCP_URL is not set: the public URL of the MCP endpoint, for example http://127.0.0.1:3002/mcp.",
      "SCALEKIT_ENVIRONMENT_URL is not set: your Scalekit environment, for example https://acme.scalekit.dev.",
      "SCALEKIT_RESOURCE_ID is not set: the MCP server's id in the Scalekit dashboard, which begins with res_.",
      'PORT is "many": write a number from 0 to 65535.',
    ]),
  );
});

test("an MCP_URL that is no URL is refused", () => {
  expect(() => configOf({ ...complete, MCP_URL: "mcp.example.com" })).toThrow('MCP_URL is "mcp.example.com"');
});
