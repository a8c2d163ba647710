import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { McpAuthzOptions } from "../src/options.js";
import { accessToken, granted, todoGate } from "./todo-gate.js";

const start = 1_800_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

async function grantedUntil(expiresAt: number) {
  const { ask } = todoGate({}, { verify: () => ({ kind: "accepted", token: accessToken({ expiresAt }) }) });
  return granted(await ask({ token: "t" }));
}

describe("the signal of a granted request", () => {
  it("fires one second after the token has expired", async () => {
    const { signal } = await grantedUntil(start / 1000 + 60);
    vi.advanceTimersByTime(60_999);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toMatchObject({ name: "TimeoutError", message: "The access token has expired" });
  });

  it("fires after ten seconds for a token that was taken in the clock's tolerance", async () => {
    const { signal } = await grantedUntil(start / 1000 - 5);
    vi.advanceTimersByTime(9_999);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.aborted).toBe(true);
  });

  it("fires on time for a token that outlives the longest timer", async () => {
    const days = 60;
    const { signal } = await grantedUntil(start / 1000 + days * 86_400);
    vi.advanceTimersByTime(days * 86_400_000);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(signal.aborted).toBe(true);
  });

  it("is one signal, with one timer, however often it is read", async () => {
    const verdict = await grantedUntil(start / 1000 + 60);
    expect(verdict.signal).toBe(verdict.signal);
    expect(vi.getTimerCount()).toBe(1);
  });

  it("costs no timer until it is read", async () => {
    await grantedUntil(start / 1000 + 60);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("never fires for a caller without a token", async () => {
    const policy: McpAuthzOptions["policy"] = { tools: { t: { public: true } } };
    const verdict = granted(await todoGate({ policy }).ask());
    expect(verdict.auth).toBeUndefined();
    expect(verdict.signal.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a listener", () => {
  it("hears of the expiry beside the signal, on the same timer", async () => {
    const verdict = await grantedUntil(start / 1000 + 60);
    const heard: unknown[] = [];
    verdict.onExpiry((reason) => heard.push(reason));
    const { signal } = verdict;
    verdict.onExpiry((reason) => heard.push(reason));
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(60_999);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(heard).toEqual([signal.reason, signal.reason]);
  });

  it("that comes after the expiry has ten seconds", async () => {
    const verdict = await grantedUntil(start / 1000 + 60);
    const first = vi.fn();
    const second = vi.fn();
    verdict.onExpiry(first);
    vi.advanceTimersByTime(61_000);
    verdict.onExpiry(second);
    vi.advanceTimersByTime(9_999);
    expect(second).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(second).toHaveBeenCalledOnce();
    expect(first).toHaveBeenCalledOnce();
  });

  it("hears of it within the second after it, in whole seconds from when it began to listen", async () => {
    vi.setSystemTime(start + 300);
    const verdict = await grantedUntil(start / 1000 + 60);
    const heard = vi.fn();
    verdict.onExpiry(heard);
    vi.advanceTimersByTime(59_999);
    expect(heard).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(heard).toHaveBeenCalledOnce();
  });

  it("hears nothing after release", async () => {
    const verdict = await grantedUntil(start / 1000 + 60);
    const heard = vi.fn();
    verdict.onExpiry(heard);
    verdict.release();
    vi.advanceTimersByTime(120_000);
    expect(heard).not.toHaveBeenCalled();
  });
});

describe("release", () => {
  it("forgets the timer", async () => {
    const verdict = await grantedUntil(start / 1000 + 60);
    const { signal } = verdict;
    verdict.release();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(120_000);
    expect(signal.aborted).toBe(false);
  });

  it("lasts: who listens after it hears nothing and costs no timer", async () => {
    const verdict = await grantedUntil(start / 1000 + 60);
    verdict.release();
    verdict.onExpiry(() => {});
    expect(vi.getTimerCount()).toBe(0);
  });

  it("may be called before the signal is read, and twice", async () => {
    const verdict = await grantedUntil(start / 1000 + 60);
    verdict.release();
    verdict.release();
  });
});

describe("a granted request", () => {
  it("carries the very object that was authorized", async () => {
    const value = { jsonrpc: "2.0", id: 1, method: "ping" };
    const verdict = granted(await todoGate().ask({ token: "reader", body: { kind: "parsed", value } }));
    expect(verdict.body).toBe(value);
  });

  it.each(["GET", "DELETE"])("carries nothing for %s", async (method) => {
    expect(granted(await todoGate().ask({ token: "reader", method })).body).toBeUndefined();
  });

  it("carries headers for the answer, in which nothing is stored or guessed", async () => {
    const { headers } = granted(
      await todoGate().ask({ token: "reader", headers: [["Origin", "https://mcp.example.com"]] }),
    );
    expect(headers.filter(([name]) => name !== "X-Request-Id")).toEqual([
      ["Cache-Control", "no-store"],
      ["X-Content-Type-Options", "nosniff"],
      ["Vary", "Origin"],
      ["Access-Control-Allow-Origin", "https://mcp.example.com"],
      [
        "Access-Control-Expose-Headers",
        "WWW-Authenticate, MCP-Protocol-Version, Mcp-Session-Id, DPoP-Nonce, Retry-After, X-Request-Id",
      ],
    ]);
  });
});
