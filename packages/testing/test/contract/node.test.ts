import * as test from "vitest";
import { runContract } from "../../src/index.js";
import { node } from "./mounts.js";

runContract({ ...node, test });
