import { splitTarget, toMatrixApi } from "@matrix-openapi/server";
import type { IncomingRequest, MatrixApi, OutgoingResponse } from "@matrix-openapi/server";
import type { Fault } from "./fault.ts";
import { ConfigurationError } from "../../configuration/configuration-error.ts";
import type { Random } from "../../crypto/random.ts";
import type { ServerApplication } from "../../platform.ts";
import type { Clock } from "../../process/clock.ts";
import { ConnectionDropped } from "../../process/connection-dropped.ts";
import { startTimer } from "../../process/timer.ts";
import { cutOff, faultAnswer } from "./fault-answer.ts";
import { findFaultProblems } from "./fault-problems.ts";
import { faultMatcher } from "./match-fault.ts";
import type { Matches, ServerKind } from "./match-fault.ts";

/** The faults of running servers, which a test changes as it goes on. */
export interface FaultControl {
  /** These from now on, in the place of all others; each request meets the first one that is for it. */
  set(faults: readonly Fault[]): void;
  clear(): void;
}

export interface FaultInjection extends FaultControl {
  /** The same server, with the faults before it. */
  before(server: ServerKind, application: ServerApplication): ServerApplication;
}

interface ActiveFault {
  readonly fault: Fault;
  readonly matches: Matches;
  timesLeft: number;
}

interface FaultInjectionOptions {
  readonly faults: readonly Fault[];
  readonly clock: Clock;
  /** What probabilities are drawn from; none of the server's own, whose tokens would be others with each fault. */
  readonly random: Random;
}

/** Lets chosen requests fail, so that authors of clients see what theirs does then. */
export function createFaultInjection({ faults, clock, random }: FaultInjectionOptions): FaultInjection {
  let active: ActiveFault[] = [];
  const control: FaultControl = {
    set(given) {
      const problems = findFaultProblems(given);
      if (problems.length > 0) throw new ConfigurationError(["faults:", ...problems].join("\n  "));
      active = given.map((fault) => ({ fault, matches: faultMatcher(fault), timesLeft: fault.times ?? Infinity }));
    },
    clear() {
      active = [];
    },
  };
  control.set(faults);

  const take = (server: ServerKind, { method, target }: IncomingRequest): Fault | undefined => {
    const { path } = splitTarget(target);
    const found = active.find(
      ({ fault, matches, timesLeft }) =>
        timesLeft > 0 && matches({ server, method, path }) && isDrawn(fault.probability, random),
    );
    if (found !== undefined) found.timesLeft -= 1;
    return found?.fault;
  };

  return {
    ...control,
    before(server, application) {
      const { handle, close } = application;
      if (handle === undefined) throw new Error(`expected that the ${server} has a handle`);
      const withFaults: MatrixApi["handle"] = (incoming) => {
        // Browsers ask before they send, and would never send what the fault is meant for.
        if (active.length === 0 || incoming.method === "OPTIONS") return handle(incoming);
        const fault = take(server, incoming);
        return fault === undefined ? handle(incoming) : meetFault(fault, incoming, handle, clock);
      };
      return { ...toMatrixApi(withFaults), ...(close !== undefined && { close }) };
    },
  };
}

/** `afterWork` is what shows whether a client repeats a request that has been done: only the answer is lost. */
async function meetFault(
  fault: Fault,
  incoming: IncomingRequest,
  handle: MatrixApi["handle"],
  clock: Clock,
): Promise<OutgoingResponse> {
  const done = fault.afterWork === true ? await handle(incoming) : undefined;
  if (fault.latencyMs !== undefined) await pause(clock, fault.latencyMs, incoming.signal);
  const replacement = faultAnswer(fault);
  if (replacement !== undefined && done?.body instanceof ReadableStream) void done.body.cancel().catch(() => {});
  const answer = replacement ?? done;
  if (fault.dropConnection === undefined) return answer ?? handle(incoming);
  if (fault.dropConnection === true) throw new ConnectionDropped();
  return cutOff(answer ?? (await handle(incoming)), fault.dropConnection.afterBytes);
}

function isDrawn(probability: number | undefined, random: Random): boolean {
  if (probability === undefined) return true;
  return Buffer.from(random.bytes(4)).readUInt32BE() / 2 ** 32 < probability;
}

/** By the clock, too; it is over at once when nobody waits for the answer any more. */
function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = startTimer(clock, milliseconds, resolve);
    signal.addEventListener("abort", () => {
      timer.stop();
      resolve();
    });
  });
}
