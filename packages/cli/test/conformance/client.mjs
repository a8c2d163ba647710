// The command that the official conformance suite runs as its client under test:
//   node client.mjs <server url>
// It turns what the suite says in its environment into flags of `mcp-authz verify`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const scenario = process.env.MCP_CONFORMANCE_SCENARIO ?? "";
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? "{}");
const url = process.argv.at(-1);
const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

const machine = scenario.startsWith("auth/client-credentials");
const flags = [
  "--login-only",
  "--quiet",
  ...(machine ? [] : ["--auto"]),
  ...["--tool", "test-tool"],
  ...["--client-metadata-url", "https://conformance-test.local/client-metadata.json"],
  ...(context.client_id ? ["--client-id", context.client_id] : []),
  ...(context.client_secret ? ["--client-secret", context.client_secret] : []),
  ...(context.private_key_pem ? ["--client-key", keyFile(context.private_key_pem)] : []),
  ...(context.signing_algorithm ? ["--client-key-alg", context.signing_algorithm] : []),
];

function keyFile(pem) {
  const file = join(mkdtempSync(join(tmpdir(), "mcp-authz-")), "key.pem");
  writeFileSync(file, pem, { mode: 0o600 });
  return file;
}

const { status } = spawnSync(process.execPath, [cli, "verify", url, ...flags], { stdio: "inherit" });
process.exit(status ?? 1);
