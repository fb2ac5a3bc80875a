import type * as Http from "node:http";
import type * as Https from "node:https";

/**
 * `import "node:http"` reads all of its exports, and with them loads Node's whole WebSocket client: a tenth of this
 * program's start. This way only what is used is loaded.
 */
export const http: typeof Http = process.getBuiltinModule("node:http");

export const https: typeof Https = process.getBuiltinModule("node:https");
