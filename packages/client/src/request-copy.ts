/**
 * A request that can be sent while the original stays for another time. What `clone()` alone gives loses its signal in
 * Node once garbage is collected, so that a long poll could no longer be aborted.
 */
export function copyOf(request: Request): Request {
  const copy = new Request(request.clone(), { signal: request.signal });
  originals.set(copy, request);
  return copy;
}

/** Signals are passed on by originals that are still there: each stays as long as its copy. */
const originals = new WeakMap<Request, Request>();
