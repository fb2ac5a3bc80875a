// Rules about finding what was said: https://spec.matrix.org/v1.19/client-server-api/#server-side-search

import type { Exchange } from "../exchange.ts";
import { member, stringMember } from "../json.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import type { Client } from "./client.ts";
import { bobOf, needed, path } from "./client.ts";
import { createRoom, difference, objectsIn, say, sharedRoom } from "./room.ts";

const specUrl = clientServerSpec("server-side-search");

export const searchFindsAll: Rule = {
  id: "cs-90",
  title: "A search meets every message with the word once, the latest first, and ends",
  level: "must",
  specUrl,
  reason: "What a search leaves out counts as never said.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const word = `contract${context.random(12)}`;
    const sent: string[] = [];
    for (let number = 1; number <= 5; number += 1) {
      sent.push(await say(number % 2 === 0 ? alice : bob, room, `${word} for the time number ${number}`));
      await say(alice, room, `nothing of the kind ${number}`);
    }
    const found: string[] = [];
    let from: string | undefined;
    for (let pages = 1; pages <= mostPages; pages += 1) {
      const answer = await search(alice, room, word, from);
      found.push(...foundIn(answer));
      from = stringMember(resultsOf(answer), "next_batch");
      if (from !== undefined) continue;
      const wrong = difference(found, sent.toReversed());
      return wrong === undefined ? pass() : fail(answer, "the five messages with the word, the latest first", wrong);
    }
    return fail(null, "an end of the results", `a token for one more page after ${mostPages} pages of two`);
  },
};

const mostPages = 8;

export const searchIsForMembers: Rule = {
  id: "cs-91",
  title: "A search finds nothing in rooms that one is not in, and nothing that was redacted",
  level: "must",
  specUrl,
  reason: "It would be a way around the room's door, and around taking back what one has said.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, room } = await sharedRoom(context);
    const word = `contract${context.random(12)}`;
    const apart = await createRoom(alice);
    await say(alice, apart, `${word} between us`);
    const bob = await bobOf(context);
    const strangers = await search(bob, apart, word);
    if (foundIn(strangers).length > 0) return fail(strangers, "nothing of a room that bob is not in");
    const event = await say(alice, room, `${word} a word too many`);
    await needed(alice.put(path`/rooms/${room}/redact/${event}/${"cs-91"}`));
    const redacted = await search(bob, room, word);
    return foundIn(redacted).length > 0 ? fail(redacted, "nothing that was redacted") : pass();
  },
};

function search(client: Client, room: string, search_term: string, next_batch?: string): Promise<Exchange> {
  const filter = { rooms: [room], limit: 2 };
  const room_events = { search_term, keys: ["content.body"], order_by: "recent", filter };
  const query = next_batch === undefined ? {} : { next_batch };
  return needed(client.post("/search", { search_categories: { room_events } }, { query }));
}

function resultsOf({ json }: Exchange): unknown {
  return member(member(json, "search_categories"), "room_events");
}

function foundIn(answer: Exchange): readonly string[] {
  return objectsIn(resultsOf(answer), "results").flatMap(({ result }) => stringMember(result, "event_id") ?? []);
}
