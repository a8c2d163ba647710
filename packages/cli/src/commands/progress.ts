import type { VerifyOptions } from "../verify.js";

/** One changing line on a terminal, one line per check elsewhere; on the error stream, so that reports stay clean. */
export function progress(stream: NodeJS.WriteStream): {
  readonly report: NonNullable<VerifyOptions["onProgress"]>;
  readonly done: () => void;
} {
  if (stream.isTTY !== true) {
    return {
      report: ({ id, title }) => void stream.write(`checking ${id} ${title}\n`),
      done: () => undefined,
    };
  }
  return {
    report: ({ id, title }) => {
      const width = Math.max(20, (stream.columns ?? 80) - 1);
      stream.write(`\r\u001b[2K${`checking ${id} ${title}`.slice(0, width)}`);
    },
    done: () => void stream.write("\r\u001b[2K"),
  };
}
