import { bodies } from "./chapters/bodies.js";
import { controlRows, controls } from "./chapters/controls.js";
import { credentials } from "./chapters/credentials.js";
import { keys } from "./chapters/keys.js";
import { messages } from "./chapters/messages.js";
import { metadata } from "./chapters/metadata.js";
import { origins } from "./chapters/origins.js";
import { policy } from "./chapters/policy.js";
import { streams } from "./chapters/streams.js";
import { targets } from "./chapters/targets.js";
import { tokens } from "./chapters/tokens.js";
import type { ContractRow, ContractScenario } from "./row.js";

export interface Chapter {
  readonly title: string;
  readonly rows: readonly ContractRow[];
  readonly scenarios: readonly ContractScenario[];
}

/** What every binding must do, by subject. */
export const chapters: readonly Chapter[] = [
  { title: "positive controls", rows: controlRows, scenarios: controls },
  { title: "credentials", rows: credentials, scenarios: [] },
  { title: "tokens", rows: tokens, scenarios: [] },
  { title: "keys", rows: [], scenarios: keys },
  { title: "request targets and methods", rows: targets, scenarios: [] },
  { title: "metadata", rows: metadata, scenarios: [] },
  { title: "Host, Origin and CORS", rows: origins, scenarios: [] },
  { title: "bodies", rows: bodies, scenarios: [] },
  { title: "messages", rows: messages, scenarios: [] },
  { title: "policy", rows: policy, scenarios: [] },
  { title: "connections and streams", rows: [], scenarios: streams },
];

/** Every single request of the contract. */
export const contract: readonly ContractRow[] = chapters.flatMap(({ rows }) => rows);

/** Everything of the contract that takes more than one request. */
export const scenarios: readonly ContractScenario[] = chapters.flatMap((chapter) => chapter.scenarios);
