import type { Claims } from "../mint/token-mint.js";
import type { RawRequest } from "../raw/request.js";
import { authorized } from "./requests.js";
import type { ContractRow, Mints } from "./row.js";

/** One line of a table. The setup is the main one, unless `more` says another. */
export function row(
  rows: string,
  title: string,
  why: string,
  request: RawRequest | ((mints: Mints) => RawRequest),
  expected: ContractRow["expected"],
  more: Partial<ContractRow> = {},
): ContractRow {
  return {
    rows: rows.split(" "),
    title,
    why,
    setup: "main",
    request: typeof request === "function" ? request : () => request,
    expected,
    ...more,
  };
}

/** The same for a request that is sent with a good token, but for the claims that are to differ. */
export function withToken(
  rows: string,
  title: string,
  why: string,
  request: RawRequest,
  expected: ContractRow["expected"],
  { claims, ...more }: Partial<ContractRow> & { readonly claims?: Claims } = {},
): ContractRow {
  return row(rows, title, why, ({ mint }) => authorized(mint.token(claims), request), expected, more);
}
