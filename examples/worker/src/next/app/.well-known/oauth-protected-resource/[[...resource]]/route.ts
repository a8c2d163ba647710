import { serve } from "../../../../serve.js";

/** Protected resource metadata, at its own place below the endpoint's path and at the root (RFC 9728 §3.1). */
export { serve as GET, serve as OPTIONS };

export const dynamic = "force-dynamic";
