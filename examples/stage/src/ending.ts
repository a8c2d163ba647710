/** On SIGTERM or SIGINT: runs `close`, then exits with 0; with 1 when that fails, takes ten seconds, or a second signal comes. */
export function endOnSignal(close: () => Promise<unknown>): void {
  let ending = false;
  const end = (): void => {
    if (ending) process.exit(1);
    ending = true;
    setTimeout(() => process.exit(1), 10_000).unref();
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
