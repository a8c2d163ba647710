import { createGate, jwt } from "@mcp-authz/core";
import { expect, it } from "vitest";
import { createTokenMint } from "../../src/index.js";

it("lets the reader of the guide in, and nobody whose token has expired", async () => {
  const mint = await createTokenMint({ audience: "https://mcp.example.com/mcp" });
  const gate = createGate({
    resource: "https://mcp.example.com/mcp",
    provider: jwt({ issuer: mint.issuer }),
    policy: { tools: { list_todos: "todo:read" } },
  });
  const answerTo = (token: string) =>
    gate.authenticate({ method: "GET", target: "/mcp", headers: [["Authorization", `Bearer ${token}`]] });

  expect(await answerTo(mint.token({ sub: "alice", scope: "todo:read" }))).toMatchObject({
    kind: "authenticated",
  });
  expect(await answerTo(mint.wrong("expired"))).toMatchObject({ kind: "answer", status: 401 });
  await mint.outage("500");
  await mint.rotate();
  expect(await answerTo(mint.token())).toMatchObject({ kind: "answer", status: 503 });
  await mint.close();
});
