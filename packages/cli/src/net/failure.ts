import type { Failure, FailureReason } from "./answer.js";
import { printable } from "./printable.js";
import { AddressRefused } from "./resolve.js";

const reasons: Readonly<Record<string, FailureReason>> = {
  ENOTFOUND: "name not found",
  EAI_AGAIN: "name not found",
  EAI_NODATA: "name not found",
  ECONNREFUSED: "connection failed",
  ECONNRESET: "connection failed",
  EPIPE: "connection failed",
  EHOSTUNREACH: "connection failed",
  ENETUNREACH: "connection failed",
  ETIMEDOUT: "timed out",
};

/** A socket's error as data. */
export function failureOf(url: string, error: unknown): Failure {
  return { kind: "failure", url, reason: reasonOf(error), detail: detailOf(error), milliseconds: 0 };
}

function reasonOf(error: unknown): FailureReason {
  if (error instanceof AddressRefused) return "address refused";
  const code = codeOf(error);
  const known = reasons[code];
  if (known !== undefined) return known;
  if (code.startsWith("HPE_")) return "not http";
  if (/CERT|TLS|SSL|SELF_SIGNED|ISSUER/.test(code)) return "tls";
  return "connection failed";
}

function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  // Connecting to several addresses fails with one error per address.
  return error instanceof AggregateError ? codeOf(error.errors[0]) : "";
}

function detailOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return printable(message === "" ? codeOf(error) : message, 160);
}
