import * as test from "vitest";
import { runContract } from "../../src/index.js";
import { ownParser, ownRoute } from "./application.js";

runContract({ ...ownRoute, test });
runContract({ ...ownParser, test });
