import type { Home } from "../home.ts";
import { checkRelation } from "../timeline/relations.ts";
import { checkInvitee } from "../user-data/invite-permission.ts";
import type { NewEvent } from "./send-event.ts";

/** What else may stand against an event: throws what is answered. It runs in the transaction, before the rules are asked. */
export type BeforeSend = (home: Home, event: NewEvent) => Promise<void>;

/** In the order in which they are asked, for every event that somebody sends; not for the creations of rooms. */
export const gates: readonly BeforeSend[] = [checkRelation, checkInvitee];
