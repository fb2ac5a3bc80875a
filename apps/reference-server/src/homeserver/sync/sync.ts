import { MatrixError, ok } from "@matrix-openapi/server";
import { startDeadline } from "../../process/deadline.ts";
import { streamPosition, waitForStream } from "../../storage/stream.ts";
import { acknowledgeToDevice } from "../encryption/to-device/pending-messages.ts";
import { refuseLoggedOut } from "../encryption/refuse-logged-out.ts";
import type { Handler, Home } from "../home.ts";
import { touchPresence } from "../presence/presence.ts";
import { expireTyping } from "../receipts/typing.ts";
import { readToken, syncToken } from "../timeline/tokens.ts";
import { viewerOf } from "../timeline/viewer.ts";
import { buildResponse } from "./build-response.ts";
import { filterOf } from "./filters.ts";
import { forgetKnown } from "./known-members.ts";
import { entriesIn, newsFor } from "./news.ts";
import type { SyncRequest } from "./request.ts";

/**
 * What is new since `since`, as soon as there is something. A response depends on the positions that it lies between and
 * on nothing else, so that a lost one is simply asked for again. https://spec.matrix.org/v1.19/client-server-api/#syncing
 */
export function sync(home: Home): Handler<"sync"> {
  const { db, clock } = home;
  return async ({ user, params, signal }) => {
    const { filter: given, since: sinceToken, timeout = 0, full_state, use_state_after, set_presence } = params.query;
    const timeoutMs = Math.min(timeout, longestWait);
    const timeLeft = startDeadline(clock, timeoutMs);
    const filter = await filterOf(db, user.id, given);
    const since = sinceToken === undefined ? undefined : readToken(sinceToken);
    const request = async (upTo: number): Promise<SyncRequest> => ({
      user,
      viewer: viewerOf(db, user),
      since,
      upTo,
      entries: since === undefined ? undefined : await entriesIn(db, { after: since, upTo }),
      filter,
      fullState: full_state === true,
      useStateAfter: use_state_after === true,
    });

    await touchPresence(home, user.id, { setPresence: set_presence, timeoutMs });
    if (since === undefined) {
      await expireTyping(home);
      const first = await request(await streamPosition(db));
      await forgetKnown(home, first);
      return ok((await buildResponse(home, first)).body);
    }
    await refuseFuture(home, since);
    await acknowledgeToDevice(db, user.id, user.deviceId, since);

    const isNews = newsFor(db, user);
    await expireTyping(home);
    let position = await streamPosition(db);
    for (let seen = since; ;) {
      // Nobody hears it any more.
      if (signal.aborted) return ok({ next_batch: syncToken(since), device_unused_fallback_key_types: [] });
      const typingEnds = await expireTyping(home);
      const isOver = timeLeft() <= 0;
      if (isOver || full_state === true || (position > seen && (await isNews({ after: seen, upTo: position })))) {
        await refuseLoggedOut(db, user);
        const { body, hasNews } = await buildResponse(home, await request(position));
        if (hasNews || isOver || full_state === true) return ok(body);
      }
      seen = position;
      const untilTypingEnds = typingEnds === undefined ? Infinity : Math.max(1, typingEnds - clock.now());
      position = await waitForStream(db, seen, { timeoutMs: Math.min(timeLeft(), untilTypingEnds), signal });
    }
  };
}

/** Who waits counts as there until then, also when their connection has broken without a word. */
const longestWait = 10 * 60_000;

async function refuseFuture({ db }: Home, since: number): Promise<void> {
  if (since <= (await streamPosition(db))) return;
  throw new MatrixError(400, "M_INVALID_PARAM", `s${since} is no token of this server: begin anew without since.`);
}
