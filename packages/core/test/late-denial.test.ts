import { describe, expect, it, vi } from "vitest";
import { LateDenial } from "../src/index.js";
import { accessToken, call, granted, header, plain, todoGate } from "./todo-gate.js";

const head = { status: 200, header: () => undefined };

async function lateAnswer(
  missing: ConstructorParameters<typeof LateDenial>[1],
  body: object = call("whoami"),
) {
  const { ask, events } = todoGate();
  const verdict = granted(await ask({ token: "reader", body }));
  const denial = new LateDenial(verdict.auth, missing);
  return { answer: verdict.outgoing.begin(head), denial, events };
}

describe("a tool that finds out late that the caller may not go on", () => {
  it("has its answer replaced by the challenge that the policy would have sent", async () => {
    const { answer, denial, events } = await lateAnswer("todo:admin");
    expect(answer && plain(answer).status).toBe(403);
    expect(answer && header(answer, "WWW-Authenticate")).toBe(
      'Bearer realm="OAuth", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp", scope="todo:read todo:admin", error="insufficient_scope", error_description="More permissions are needed"',
    );
    expect(denial.message).toBe("More permissions are needed: todo:admin");
    expect(events.map(({ kind }) => kind)).toEqual(["granted", "refused"]);
  });

  it("may name several scopes", async () => {
    const { answer, denial } = await lateAnswer(["a", "b"]);
    expect(answer && header(answer, "WWW-Authenticate")).toContain('scope="todo:read a b"');
    expect(denial.message).toBe("More permissions are needed: a b");
  });

  it("may say that no scope would help, which the client is not told", async () => {
    const { answer, denial, events } = await lateAnswer({ denied: "the todo is archived" });
    expect(answer?.status).toBe(403);
    expect(answer && header(answer, "WWW-Authenticate")).toBeUndefined();
    expect(answer?.body).toBe('{"error":"access_denied","error_description":"The caller may not do this"}');
    expect(events[1]).toMatchObject({ reason: "policy_denied", detail: "the todo is archived" });
    expect(denial.message).toBe("the todo is archived");
  });

  it("cannot write what is no scope into the header", async () => {
    const { answer } = await lateAnswer(['a", error="x', "b\r\nSet-Cookie: c=d", "e"]);
    expect(answer && header(answer, "WWW-Authenticate")).toContain('scope="todo:read e"');
  });

  it("is not heard for a method that has no code to deny", async () => {
    expect(
      (await lateAnswer("todo:admin", { jsonrpc: "2.0", id: 1, method: "tools/list" })).answer,
    ).toBeUndefined();
  });

  it("denies its own request alone", async () => {
    const token = accessToken();
    const { ask } = todoGate({}, { verify: () => ({ kind: "accepted", token }) });
    const mine = granted(await ask({ token: "t", body: call("whoami") }));
    const other = granted(await ask({ token: "t", body: call("whoami") }));
    new LateDenial(mine.auth, "todo:admin");
    expect(other.outgoing.begin(head)).toBeUndefined();
    expect(mine.outgoing.begin(head)?.status).toBe(403);
  });

  it("is an error like any other where there is no caller", () => {
    expect(new LateDenial(undefined, "a")).toMatchObject({
      name: "LateDenial",
      code: "ERR_MCP_AUTHZ_LATE_DENIAL",
      message: "More permissions are needed: a",
    });
  });

  it("is heard by who listens, before and after", async () => {
    const { ask } = todoGate();
    const { auth, outgoing } = granted(await ask({ token: "reader", body: call("whoami") }));
    const heard = vi.fn();
    outgoing.onLateDenial(heard);
    void new LateDenial(auth, "todo:admin");
    expect(heard).toHaveBeenCalledTimes(1);
    outgoing.onLateDenial(heard);
    expect(heard).toHaveBeenCalledTimes(2);
    outgoing.onLateDenial(undefined);
    void new LateDenial(auth, "todo:admin");
    expect(heard).toHaveBeenCalledTimes(2);
  });
});
