import * as test from "vitest";
import { runContract } from "../../src/index.js";
import { web } from "./mounts.js";

runContract({ ...web, test });
