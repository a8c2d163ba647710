import { serve } from "../../serve.js";

export { serve as DELETE, serve as GET, serve as OPTIONS, serve as POST };

/** Answers belong to their callers: none may be kept for the next. */
export const dynamic = "force-dynamic";
