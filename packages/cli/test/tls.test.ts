import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Finding, type Report, verify } from "../src/index.js";
import { command } from "./command.js";
import { type Certificate, certificate, certificateAuthority } from "./servers/certificates.js";
import { type Behaviour, startModelServer, unauthorized } from "./servers/model-server.js";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function serve(behaviour: Partial<Behaviour>): Promise<string> {
  const { url, close } = await startModelServer(behaviour);
  closers.push(close);
  return url;
}

function problems({ findings }: Report): readonly Finding[] {
  return findings.filter(({ outcome }) => outcome !== "pass" && outcome !== "skip");
}

let authority: Certificate;
let folder: string;
let trusted: Readonly<Record<string, string>>;
beforeAll(async () => {
  authority = await certificateAuthority();
  folder = await mkdtemp(join(tmpdir(), "mcp-authz-"));
  await writeFile(join(folder, "ca.pem"), authority.cert);
  trusted = { NODE_EXTRA_CA_CERTS: join(folder, "ca.pem") };
});
afterAll(() => rm(folder, { recursive: true }));

/** What a process says that trusts the authority. */
async function reportOf(url: string, ...flags: readonly string[]): Promise<Report> {
  const { out } = await command(["verify", url, "--json", "--quiet", ...flags], {
    cwd: folder,
    env: trusted,
  });
  return JSON.parse(out);
}

describe("a certificate that hosts refuse (V29)", () => {
  it.each([
    ["signed by itself", () => certificate(), "self-signed certificate"],
    ["of an unknown authority", () => certificate({ authority }), "unable to verify the first certificate"],
    ["that has expired", () => certificate({ expired: true }), "certificate has expired"],
  ])("is reported when it is one %s", async (_, make, seen) => {
    const report = await verify({ url: await serve({ tls: await make() }) });
    expect(problems(report)).toMatchObject([{ check: "V29", code: "certificate-refused", outcome: "fail" }]);
    expect(report.findings[0]?.seen).toContain(`certificate: ${seen}`);
    expect(report.reached).toBe(false);
    expect(report.hosts.map(({ connects }) => connects)).toEqual(["no", "no", "no", "no"]);
  });

  it("is reported when it is for another name, whoever signed it", async () => {
    const report = await reportOf(
      await serve({ tls: await certificate({ name: "other.example", authority }) }),
    );
    expect(problems(report)).toMatchObject([{ code: "certificate-refused" }]);
    expect(report.findings[0]?.seen).toContain("does not match certificate's altnames");
  });

  it("ends the command with 2, and with the way to look behind it", async () => {
    const url = await serve({ tls: await certificate({ authority }) });
    const { code, out } = await command(["verify", url, "--quiet"], { cwd: folder });
    expect(code).toBe(2);
    expect(out.replace(/\s+/g, " ")).toContain("NODE_EXTRA_CA_CERTS=ca.pem npx mcp-authz verify");
  });

  it("is reported of an authorization server, too", async () => {
    const elsewhere = new URL(await serve({ tls: await certificate() })).origin;
    const report = await verify({
      url: await serve({ document: () => ({ authorization_servers: [elsewhere] }) }),
    });
    const finding = report.findings.find(({ code }) => code === "issuer-without-metadata");
    expect(finding?.seen).toContain("certificate: self-signed certificate");
  });
});

describe("a certificate that is trusted", () => {
  it("lets the server be examined, requests byte for byte and a login included, as over plain http", async () => {
    const url = await serve({ tls: await certificate({ authority }) });
    const report = await reportOf(url, "--auto", "--tool", "create_todo");
    expect(problems(report)).toMatchObject([{ check: "V29", code: "no-hsts", outcome: "info" }]);
    const passed = report.findings.filter(({ outcome }) => outcome === "pass").map(({ check }) => check);
    expect(passed).toEqual(expect.arrayContaining(["V14", "V19", "V21", "V23", "V26", "V32"]));
  });

  it("is all that is asked for where Strict-Transport-Security is sent", async () => {
    const hsts = { "strict-transport-security": "max-age=31536000" };
    const url = await serve({
      tls: await certificate({ authority }),
      withoutToken: (_, { challenge }) => ({
        status: 401,
        headers: { "www-authenticate": challenge, ...hsts },
      }),
    });
    expect(problems(await reportOf(url, "--only", "V29"))).toEqual([]);
  });

  it("does not make plain http of a challenge right", async () => {
    const url = await serve({
      tls: await certificate({ authority }),
      withoutToken: (_, { challenge }) => unauthorized(challenge.replaceAll("https:", "http:")),
    });
    const codes = problems(await reportOf(url)).map(({ code }) => code);
    expect(codes).toContain("challenge-points-nowhere");
  });
});

describe("a scheme that the port does not speak", () => {
  it("is reported of https", async () => {
    const url = (await serve({})).replace("http:", "https:");
    const report = await verify({ url });
    expect(problems(report)).toMatchObject([{ check: "V2", code: "unreachable" }]);
    expect(report.findings[0]?.seen).toContain("not tls: what came back was not TLS");
    expect(report.findings[0]?.change).toContain(`Serve TLS on port ${new URL(url).port}`);
  });

  it("is reported of http", async () => {
    const url = (await serve({ tls: await certificate() })).replace("https:", "http:");
    const report = await verify({ url });
    expect(problems(report)).toMatchObject([{ check: "V2", code: "unreachable" }]);
    expect(report.findings[0]?.change).toContain("check the scheme");
  });
});
