// Runs the authorization scenarios of the official conformance suite against `mcp-authz verify` as the client
// under test. The suite itself needs Node 22 or newer, whatever this package supports:
//   pnpm --filter mcp-authz conformance [2025-11-25 | 2026-07-28 …]
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const suite = "@modelcontextprotocol/conformance@0.2.0-alpha.12";
const client = fileURLToPath(new URL("client.mjs", import.meta.url));
const revisions = process.argv.length > 2 ? process.argv.slice(2) : ["2025-11-25", "2026-07-28"];

// The suite named "auth" leaves out what 2026-07-28 brought, so those scenarios are named one by one.
const scenarios2026 = [
  "resource-mismatch",
  "offline-access-scope",
  "offline-access-not-supported",
  "authorization-server-migration",
  "iss-supported",
  "iss-not-advertised",
  "iss-supported-missing",
  "iss-wrong-issuer",
  "iss-unexpected",
  "iss-normalized",
  "metadata-issuer-mismatch",
];
const runs = [
  ...revisions.map((revision) => ["--suite", "auth", "--spec-version", revision]),
  ...(revisions.includes("2026-07-28")
    ? scenarios2026.map((name) => ["--scenario", `auth/${name}`, "--spec-version", "2026-07-28"])
    : []),
  ...["2025-03-26-oauth-metadata-backcompat", "2025-03-26-oauth-endpoint-fallback"].map((name) => [
    "--scenario",
    `auth/${name}`,
    "--spec-version",
    "2025-03-26",
  ]),
  ...["client-credentials-basic", "client-credentials-jwt"].map((name) => ["--scenario", `auth/${name}`]),
];

const old = Number(process.versions.node.split(".")[0]) < 22;
const program = ["npx", "-y", ...(old ? ["-p", "node@22"] : []), "-p", suite, "conformance", "client"];
let failed = 0;
for (const run of runs) {
  const [command, ...parameters] = [...program, "--command", `node ${client}`, ...run];
  const { status, stdout, stderr } = spawnSync(command, parameters, { encoding: "utf8" });
  const last = stdout.trim().split("\n").at(-1) ?? "";
  console.log(`${status === 0 ? "pass" : "FAIL"} ${run.join(" ")} ${status === 0 ? last : ""}`);
  if (status === 0) continue;
  failed += 1;
  console.log(stdout, stderr);
}
process.exit(failed === 0 ? 0 : 1);
