import { describe, expect, test } from "vitest";
import { ConfigError, configOf } from "../src/config.js";

const MCP_URL = "https://mcp.example.com/mcp";

describe("the configuration", () => {
  test("takes defaults for everything but the URL", () => {
    expect(configOf({ MCP_URL })).toEqual({
      port: 3002,
      host: "0.0.0.0",
      resource: MCP_URL,
      logLevel: "info",
      rateLimit: 60,
    });
  });

  test("listens on this machine only where the endpoint is on this machine", () => {
    expect(configOf({ MCP_URL: "http://localhost:3002/mcp" }).host).toBe("localhost");
    expect(configOf({ MCP_URL: "http://[::1]:3002/mcp" }).host).toBe("::1");
  });

  test("knows the URL by the demos' names", () => {
    expect(configOf({ EXPECTED_AUDIENCE: MCP_URL }).resource).toBe(MCP_URL);
    expect(configOf({ BASE_URL: "https://mcp.example.com/" }).resource).toBe(MCP_URL);
  });

  test("says everything that is wrong at once", () => {
    const wrong = { PORT: "http", RATE_LIMIT: "0", LOG_LEVEL: "loud" };
    expect(() => configOf(wrong)).toThrow(
      new ConfigError([
        'PORT is "http": write a number from 0 to 65535.',
        'RATE_LIMIT is "0": write a number from 1 to 1000000.',
        "MCP_URL is not set: write the public URL of the endpoint, https://mcp.example.com/mcp.",
        'LOG_LEVEL is "loud": write one of fatal, error, warn, info, debug, trace, silent.',
      ]),
    );
  });

  test("does not choose between two names that disagree", () => {
    expect(() => configOf({ MCP_URL, EXPECTED_AUDIENCE: "https://mcp.example.com" })).toThrow(
      "EXPECTED_AUDIENCE means https://mcp.example.com, and MCP_URL says https://mcp.example.com/mcp: leave one of them out.",
    );
  });
});
