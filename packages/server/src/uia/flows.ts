import type { UiaFlow, UiaSession } from "./session.ts";

type Progress = Pick<UiaSession, "flows" | "completed">;

/** The stages that may come next; stages of a flow are completed in its order. */
export function nextStages(session: Progress): ReadonlySet<string> {
  const done = session.completed.length;
  return new Set(fittingFlows(session).flatMap(({ stages }) => stages[done] ?? []));
}

/** Whether one of the flows has been completed. */
export function isComplete(session: Progress): boolean {
  return fittingFlows(session).some(({ stages }) => stages.length === session.completed.length);
}

/**
 * Refuses flows that could never be right: without a stage they would let requests through unasked, and where one is a
 * prefix of another nobody could tell which of them was meant.
 * https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api
 */
export function toFlows(lists: readonly (readonly string[])[]): readonly UiaFlow[] {
  if (lists.length === 0)
    throw new Error("No user-interactive flow was offered: refuse the request before, or offer one.");
  for (const [index, stages] of lists.entries()) {
    if (stages.length === 0) throw new Error("A user-interactive flow has no stage: use `exempt`, or m.login.dummy.");
    if (new Set(stages).size < stages.length) throw new Error(`The flow ${quoted(stages)} has the same stage twice.`);
    const longer = lists.find((other, at) => at !== index && startsWith(other, stages));
    if (longer !== undefined) {
      throw new Error(`The flow ${quoted(stages)} is a prefix of ${quoted(longer)}: end it with m.login.dummy.`);
    }
  }
  return lists.map((stages) => ({ stages: [...stages] }));
}

function fittingFlows({ flows, completed }: Progress): readonly UiaFlow[] {
  const types = completed.map(({ type }) => type);
  return flows.filter(({ stages }) => startsWith(stages, types));
}

function startsWith(stages: readonly string[], start: readonly string[]): boolean {
  return start.every((type, index) => stages[index] === type);
}

function quoted(stages: readonly string[]): string {
  return `[${stages.join(", ")}]`;
}
