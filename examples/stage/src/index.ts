export { endOnSignal } from "./ending.js";
export type { Listening } from "./listening.js";
export { freePort, listen } from "./listening.js";
export type { Program } from "./program.js";
export { startProgram } from "./program.js";
