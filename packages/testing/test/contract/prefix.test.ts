import * as test from "vitest";
import { runContract } from "../../src/index.js";
import { below } from "./mounts.js";

runContract({ ...below, test });
