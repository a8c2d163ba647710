import { greetUser } from "./greet-user.js";
import type { Tool } from "./tool.js";

/** Every tool there is. One that is not in here is neither registered nor allowed. */
export const tools: readonly Tool[] = [greetUser];
