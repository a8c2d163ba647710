import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");

/** What nobody holds is gone after this. */
export const collectGarbage = runInNewContext("gc") as () => void;
