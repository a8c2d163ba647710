import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Visit } from "./code-flow.js";
import { LoginFault } from "./fault.js";

/** How long a person may take, in milliseconds. */
const patience = 300_000;

export interface BrowserVisit {
  readonly redirectUri: string;
  readonly visit: Visit;
  close(): void;
}

/** Listens on a free loopback port for the user to come back (RFC 8252 §7.3). */
export async function browserVisit(
  say: (line: string) => void,
  open: (url: URL) => void = openBrowser,
): Promise<BrowserVisit> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
  return {
    redirectUri,
    visit: (url) => {
      const returned = comeBack(server, redirectUri);
      say(`Log in here if no browser opens: ${url.href}`);
      open(url);
      return returned;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function comeBack(server: Server, redirectUri: string): Promise<URLSearchParams> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new LoginFault({
          code: "login-abandoned",
          seen: "nobody came back from the login page within five minutes",
          why: "There is no token to go on with.",
          change: "Log in and approve, then run again",
          section: "RFC 6749 §4.1.2",
        }),
      );
    }, patience);
    server.on("request", (request, response) => {
      const url = new URL(request.url ?? "/", redirectUri);
      if (url.pathname !== "/callback") {
        response.writeHead(404).end();
        return;
      }
      response
        .writeHead(200, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" })
        .end("You may close this page and go back to the terminal.");
      clearTimeout(timer);
      resolve(url.searchParams);
    });
  });
}

/** The URL is one argument of a program, never part of a command line: no shell sees it. */
function openBrowser(url: URL): void {
  const programs: Partial<Record<NodeJS.Platform, readonly [string, readonly string[]]>> = {
    darwin: ["open", [url.href]],
    win32: ["rundll32", ["url.dll,FileProtocolHandler", url.href]],
  };
  const [program, parameters] = programs[process.platform] ?? ["xdg-open", [url.href]];
  const child = spawn(program, parameters, { stdio: "ignore", detached: true, shell: false });
  // No browser is no fault: the URL was printed.
  child.on("error", () => undefined);
  child.unref();
}
