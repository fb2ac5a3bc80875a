import type { Home } from "../home.ts";
import { eventsByIds } from "../rooms/event.ts";
import { toClientEvents } from "../timeline/to-client-events.ts";
import type { Viewer } from "../timeline/viewer.ts";
import { ephemeralEvents } from "./ephemeral-events.ts";
import { eventsOfInterest } from "./interest.ts";
import type { ApplicationService } from "./services.ts";

interface ComposedTransaction {
  /** Of what it tells; undefined where the service has no interest in any of it. */
  readonly body: string | undefined;
  /** The position up to which it tells everything. */
  readonly upTo: number;
  /** Whether the stream had more to look at. */
  readonly hasMore: boolean;
}

/** What to tell a service of the next part of the stream: https://spec.matrix.org/v1.19/application-service-api/#put_matrixappv1transactionstxnid */
export async function composeTransaction(
  home: Home,
  service: ApplicationService,
  after: number,
): Promise<ComposedTransaction> {
  const { receive_ephemeral: isEphemeralWanted = false } = service.registration;
  const entries = await home.db
    .selectFrom("hs_stream")
    .selectAll()
    .where("position", ">", after)
    .orderBy("position")
    .limit(mostEntries)
    .execute();
  const ids = entries.flatMap(({ kind, reference }) => (kind === "event" && reference !== null ? [reference] : []));
  const events = await eventsOfInterest(home.db, service, await eventsByIds(home.db, ids));
  const ephemeral = isEphemeralWanted ? await ephemeralEvents(home, service, entries.filter(isEphemeral)) : [];
  const hasNews = events.length + ephemeral.length > 0;
  return {
    body: hasNews
      ? JSON.stringify({
          events: await asClientsGetThem(home, events),
          ...(ephemeral.length > 0 && { ephemeral }),
        })
      : undefined,
    upTo: entries.at(-1)?.position ?? after,
    hasMore: entries.length === mostEntries,
  };
}

const mostEntries = 100;

function isEphemeral({ kind }: { readonly kind: string }): boolean {
  return kind === "receipt" || kind === "typing" || kind === "presence";
}

/** A service is no member of the room, so that nothing is hidden from it, and its membership is not told. */
async function asClientsGetThem(home: Home, events: Parameters<typeof toClientEvents>[1]): Promise<object[]> {
  const shown = await toClientEvents(home, events, allSeeing);
  return shown.map((event) => {
    const { membership: _ofNobody, ...unsigned } = event.unsigned;
    return { ...event, unsigned };
  });
}

const allSeeing: Viewer = {
  userId: "",
  deviceId: "",
  ignored: async () => new Set(),
  room: async () => ({
    membershipAt: () => "join",
    membershipSince: () => 0,
    lastLeave: null,
    wasJoined: () => true,
    canSee: () => true,
    knewStateBefore: () => true,
  }),
};
