import { batches } from "./chapters/batches.js";
import { bodies } from "./chapters/bodies.js";
import { simple, untyped } from "./chapters/content-types.js";
import { controlRows, controls } from "./chapters/controls.js";
import { cors } from "./chapters/cors.js";
import { one, several } from "./chapters/credentials.js";
import { doubled as doubledHost, plain, unmoved } from "./chapters/forwarded-hosts.js";
import { hosts } from "./chapters/hosts.js";
import { introspected, introspection } from "./chapters/introspection.js";
import { keys } from "./chapters/keys.js";
import { lists, streamedLists } from "./chapters/lists.js";
import { params, shapes } from "./chapters/message-shapes.js";
import { doubled, parsing } from "./chapters/message-texts.js";
import { configured as configuredMetadata, published } from "./chapters/metadata.js";
import { headers } from "./chapters/mirrored-headers.js";
import { misplaced, unparsed } from "./chapters/misplaced-credentials.js";
import { refusedOrigins } from "./chapters/origins.js";
import { open } from "./chapters/public-operations.js";
import { resourceUris } from "./chapters/resource-uris.js";
import { rules } from "./chapters/rules.js";
import { granted } from "./chapters/scopes.js";
import { sessionIds, sessions } from "./chapters/sessions.js";
import { otherRoutes, stepUp } from "./chapters/step-up.js";
import { streams } from "./chapters/streams.js";
import { targets } from "./chapters/targets.js";
import { configured, right, wrong } from "./chapters/tokens.js";
import { disguised, unlisted } from "./chapters/unlisted.js";
import type { ContractRow, ContractScenario } from "./row.js";

/** The rows and scenarios about one subject. */
export interface Chapter {
  readonly title: string;
  readonly rows: readonly ContractRow[];
  readonly scenarios: readonly ContractScenario[];
}

const chapter = (
  title: string,
  rows: readonly ContractRow[],
  scenarios: readonly ContractScenario[] = [],
): Chapter => ({ title, rows, scenarios });

/** What every binding must do, by subject. */
export const chapters: readonly Chapter[] = [
  chapter("positive controls", controlRows, controls),
  chapter("credentials", [...one, ...several, ...misplaced, ...unparsed]),
  chapter("tokens", [...wrong, ...right, ...configured]),
  chapter("scopes", granted),
  chapter("keys", [], keys),
  chapter("introspection", introspected, introspection),
  chapter("request targets and methods", targets),
  chapter("metadata", [...published, ...configuredMetadata, ...unmoved, doubledHost, plain]),
  chapter("Host, Origin and CORS", [...refusedOrigins, ...cors, ...hosts]),
  chapter("bodies", [...simple, untyped, ...bodies, ...parsing, ...doubled]),
  chapter("messages", [...shapes, ...params, ...headers]),
  chapter("policy", [...stepUp, ...otherRoutes, ...unlisted, ...disguised, ...batches, ...rules, ...open]),
  chapter("resource URIs", resourceUris),
  chapter("lists and late denials", lists, streamedLists),
  chapter("sessions", sessionIds, sessions),
  chapter("connections and streams", [], streams),
];

/** Every single request of the contract. */
export const contract: readonly ContractRow[] = chapters.flatMap(({ rows }) => rows);

/** Everything of the contract that takes more than one request. */
export const scenarios: readonly ContractScenario[] = chapters.flatMap((each) => each.scenarios);
