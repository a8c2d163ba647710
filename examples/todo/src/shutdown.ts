import type { Server } from "node:http";

const grace = 10_000;

/**
 * On SIGTERM or SIGINT: runs `close`, then exits with 0. With 1 when closing fails or takes more than 10 seconds.
 * A second signal exits at once.
 */
export function endOnSignal(close: () => Promise<unknown>): void {
  let ending = false;
  const end = (): void => {
    if (ending) process.exit(1);
    ending = true;
    setTimeout(() => process.exit(1), grace).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
}

/**
 * Takes no more connections, lets answers in flight finish, and resolves when the last one has gone out.
 *
 * @param close How the server is closed, where a framework has its own way.
 */
export async function closeServer(
  server: Pick<Server, "close" | "closeIdleConnections">,
  close: () => Promise<unknown> = () => closed(server),
): Promise<void> {
  // Closing drops the connections that are idle now. Those that were busy become idle, and would stay for a while.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  try {
    await close();
  } finally {
    clearInterval(sweep);
  }
}

function closed(server: Pick<Server, "close">): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
  });
}
