// Runs the authorization-server scenarios of the official conformance suite against the dev server: at an MCP
// server's own issuer, and at the environment's. The suite itself needs Node 22 or newer, whatever this package
// supports:  pnpm --filter @mcp-authz/dev-server conformance
import { spawn } from "node:child_process";
import { createDevServer } from "../../dist/index.js";

const suite = "@modelcontextprotocol/conformance@0.2.0-alpha.12";
const resource = "http://localhost:3000/mcp";
const port = 3333;

const redirectUris = [`http://127.0.0.1:${port}/callback`];
const dev = await createDevServer({
  banner: false,
  approve: "auto",
  servers: [{ name: "Conformance", url: resource, scopes: ["todo:read"] }],
  clients: [{ id: "conformance", redirectUris }],
});

/** Runs the suite, and plays the browser as soon as it asks for one. */
function run(issuer) {
  const old = Number(process.versions.node.split(".")[0]) < 22;
  const program = ["-y", ...(old ? ["-p", "node@22"] : []), "-p", suite, "conformance", "authorization"];
  const options = ["--url", issuer, "--client-id", "conformance", "--resource", resource, "-p", String(port)];
  const child = spawn("npx", [...program, ...options]);
  let output = "";
  let browsed = false;
  const read = (chunk) => {
    output += chunk;
    const url = /^http\S+\/oauth\/authorize\?\S+$/m.exec(output)?.[0];
    if (browsed || url === undefined || !output.includes("Callback server started")) return;
    browsed = true;
    fetch(url).catch(() => {});
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  return new Promise((resolve) => {
    child.once("close", (status) => {
      const passed = status === 0 && /Total: 3 passed, 0 failed/.test(output);
      console.log(`${passed ? "pass" : "FAIL"} authorization --url ${issuer}`);
      if (!passed) console.log(output);
      resolve(passed);
    });
  });
}

const results = [await run(dev.servers[0].issuer), await run(dev.url)];
await dev.close();
process.exit(results.every(Boolean) ? 0 : 1);
