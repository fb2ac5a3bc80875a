import { changedRequest, toMatrixApi } from "@matrix-openapi/server";
import type { IncomingRequest, MatrixApi } from "@matrix-openapi/server";
import type { ServerApplication } from "../../platform.ts";

/** Where all requests to the servers pass, so that they can be held back. */
export interface RequestGate {
  through(application: ServerApplication): ServerApplication;
  /** While there is no request: those that wait for news are answered, and new ones wait until the work is done. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Answers those that wait for news, now and from now on. */
  close(): void;
}

export function createRequestGate(): RequestGate {
  let underWay = 0;
  let onQuiet: (() => void) | undefined;
  const held: { opened: Promise<void> | undefined } = { opened: undefined };
  let ending = new AbortController();

  const passed = (handle: MatrixApi["handle"]): MatrixApi["handle"] =>
    async function pass(incoming) {
      while (held.opened !== undefined) await held.opened;
      underWay += 1;
      try {
        return await handle(endedBy(ending.signal, incoming));
      } finally {
        underWay -= 1;
        if (underWay === 0) onQuiet?.();
      }
    };

  const quiet = () =>
    new Promise<void>((resolve) => {
      if (underWay === 0) resolve();
      else onQuiet = resolve;
    });

  return {
    through({ handle, fetch, close }) {
      const api = handle === undefined ? { fetch } : toMatrixApi(passed(handle));
      return { ...api, ...(close !== undefined && { close }) };
    },
    async alone(work) {
      while (held.opened !== undefined) await held.opened;
      const { promise, resolve } = Promise.withResolvers<void>();
      held.opened = promise;
      try {
        ending.abort();
        await quiet();
        return await work();
      } finally {
        ending = new AbortController();
        held.opened = undefined;
        resolve();
      }
    },
    close: () => ending.abort(),
  };
}

/** A request that is also over when the server says so; only who asks for a signal pays for one. */
function endedBy(ending: AbortSignal, incoming: IncomingRequest): IncomingRequest {
  return changedRequest(incoming, {
    get signal() {
      return AbortSignal.any([incoming.signal, ending]);
    },
  });
}
