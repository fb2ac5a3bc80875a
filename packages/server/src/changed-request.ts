import type { IncomingRequest } from "./api.ts";

/** The same request with other parts, for what stands in front of an API; all else is asked of the request itself. */
export function changedRequest(incoming: IncomingRequest, parts: Partial<IncomingRequest>): IncomingRequest {
  return new Proxy(incoming, {
    get(target, name) {
      if (name in parts) return Reflect.get(parts, name) as unknown;
      const part: unknown = Reflect.get(target, name, target); // not by way of the proxy, which has no private fields
      return typeof part === "function" ? (part as () => unknown).bind(target) : part;
    },
  });
}
