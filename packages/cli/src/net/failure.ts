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

/** Node's names for what OpenSSL finds wrong with a certificate or its chain (X509_V_ERR_…, tls.TLSSocket). */
const certificateCodes =
  /CERT|CRL|SIGNED|UNABLE_TO|CHAIN|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH/;

/** A socket's error as data. */
export function failureOf(url: string, error: unknown): Failure {
  const reason = reasonOf(error);
  // What OpenSSL says of it names its own source lines.
  const detail = reason === "not tls" ? "what came back was not TLS" : detailOf(error);
  return { kind: "failure", url, reason, detail, milliseconds: 0 };
}

function reasonOf(error: unknown): FailureReason {
  if (error instanceof AddressRefused) return "address refused";
  const code = codeOf(error);
  const known = reasons[code];
  if (known !== undefined) return known;
  if (code.startsWith("HPE_")) return "not http";
  if (certificateCodes.test(code)) return "certificate";
  // "Wrong version number" and the like: Node 20 has one code for all that OpenSSL says, newer ones have several.
  if (code.startsWith("ERR_SSL_") || (code === "EPROTO" && /SSL routines/.test(detailOf(error))))
    return "not tls";
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
