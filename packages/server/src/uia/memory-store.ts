import type { UiaPruneLimits, UiaSession, UiaSessionStore } from "./session.ts";

/** Keeps sessions in this process: complete, but gone with it, and without roll-back for the work of an operation. */
export function createMemoryUiaStore(): UiaSessionStore {
  const sessions = new Map<string, UiaSession>();
  return {
    async create(session) {
      sessions.set(session.id, session);
    },
    async get(id) {
      return sessions.get(id);
    },
    async update(session) {
      if (sessions.get(session.id)?.revision !== session.revision - 1) return false;
      sessions.set(session.id, session);
      return true;
    },
    transaction: (work) => work(undefined),
    async prune(limits) {
      for (const session of sessions.values()) if (isOver(session, limits)) sessions.delete(session.id);
    },
  };
}

function isOver(session: UiaSession, limits: UiaPruneLimits): boolean {
  return (
    session.usedAt < limits.usedBefore ||
    session.createdAt < limits.createdBefore ||
    (session.state === "done" && session.usedAt < limits.doneBefore)
  );
}
