import { describe, expect, it } from "vitest";
import { failuresOf } from "./failures-of.js";
import { node } from "./mounts.js";
import * as mutants from "./mutants.js";

describe("the contract fails a binding that", () => {
  it("exempts whatever looks like metadata", async () => {
    expect(await failuresOf(mutants.exemptsWellKnown, "request targets and methods")).toEqual([
      "asks for credentials at /mcp?.well-known",
      "asks for credentials at /mcp?x=/.well-known/oauth-protected-resource",
      "asks for credentials at /mcp#.well-known",
      "asks for credentials at /mcp/.well-known",
      "asks for credentials at /mcp/.well-known/oauth-protected-resource",
      "asks for credentials at /.well-known/../mcp",
      "asks for credentials at /mcp/.well-known/..",
      "asks for credentials at /.well-known/%2e%2e/mcp",
      "asks for credentials at /.well-known/..%2fmcp",
      "asks for credentials at http://x.well-known/mcp",
      "asks for credentials at http://evil.example.com/.well-known/..//mcp",
      "finds nothing at /mcp/.well-known for a caller with a token",
    ]);
  });

  it("sees one of two headers only", async () => {
    expect(
      await failuresOf(mutants.hidesDuplicates, "credentials", "Host, Origin and CORS", "messages"),
    ).toEqual([
      "refuses two Authorization headers: a good and a bad one",
      "refuses two Authorization headers: a bad and a good one",
      "refuses two Authorization headers: Basic and Bearer",
      "refuses two Authorization headers: Bearer and Basic",
      "refuses two Authorization headers: the same one twice",
      "refuses two Authorization headers that are spelled differently",
    ]);
  });

  it("does not tell the handler that the client has gone", async () => {
    expect(await failuresOf(mutants.neverAborts, "connections and streams")).toEqual([
      "passes events on while the stream is open, and tells the handler when the client hangs up",
      "tells the handler that the client hangs up before there is an answer",
      "ends streams when their tokens expire, also when the handler does not",
    ]);
  }, 60_000);

  it("keeps the caller where another request finds it", async () => {
    expect(await failuresOf(mutants.sharesCaller, "connections and streams")).toContain(
      "never mixes up the callers of 200 requests at once",
    );
  }, 60_000);

  it("lets a connection in for good", async () => {
    expect(await failuresOf(mutants.remembersConnection, "connections and streams")).toEqual([
      "asks for credentials again on a connection that has had some",
      "tells pipelined requests apart",
    ]);
  }, 60_000);

  it("believes the Host header", async () => {
    expect(await failuresOf(mutants.believesHost, "metadata")).toContain(
      "answers the same challenge when X-Forwarded-Host is evil.example.com",
    );
  });

  it("hands on another body than the one that was decided about", async () => {
    expect(await failuresOf(mutants.rewritesBody, "positive controls")).toEqual([
      "hands the handler the very body that was decided about",
    ]);
  });
});

it("passes a binding that does none of that", async () => {
  expect(await failuresOf(node, "credentials", "metadata", "positive controls")).toEqual([]);
});
