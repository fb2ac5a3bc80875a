// Rules about what is sent to a push gateway: https://spec.matrix.org/v1.19/push-gateway-api/

import type { Context } from "../context.ts";
import type { JsonObject } from "../json.ts";
import { isObject, member, stringMember } from "../json.ts";
import { fail, NotOffered, pass } from "../outcome.ts";
import type { PushGateway } from "../push/gateway.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import type { Client } from "./client.ts";
import { needed, path } from "./client.ts";
import { idsIn, objectsIn, say, sharedRoom } from "./room.ts";

const notifySpec = "https://spec.matrix.org/v1.19/push-gateway-api/#post_matrixpushv1notify";

export const notificationsArrive: Rule = {
  id: "cs-125",
  title: "A message is notified to the pusher, with all that the pusher was made with but its URL",
  level: "must",
  specUrl: notifySpec,
  reason: "It is what a telephone wakes up by, and shows before it has asked anybody else.",
  needs: ["homeserver", "push"],
  testable: true,
  async check(context) {
    const { gateway, pushkey, alice, bob, room } = await pusherOfBob(context, { "org.contract.note": "kept" });
    const event = await say(alice, room, "news");
    const notification = await notificationOf(context, gateway, pushkey, event);
    await removePusher(bob, pushkey);
    if (notification === undefined) return fail(null, `a notification of ${event} at the push gateway`);
    const found = JSON.stringify(notification);
    const wanted = { event_id: event, room_id: room, type: "m.room.message", sender: alice.userId };
    for (const [key, value] of Object.entries(wanted))
      if (notification[key] !== value) return fail(null, `\`${key}\` ${value} in the notification`, found);
    if (stringMember(notification["content"], "body") !== "news") return fail(null, "the message's `content`", found);
    const device = objectsIn(notification, "devices")[0];
    if (device?.["app_id"] !== appId) return fail(null, `\`devices\` with the app ${appId}`, found);
    const data = device["data"];
    return member(data, "org.contract.note") === "kept" && isObject(data) && !Object.hasOwn(data, "url")
      ? pass()
      : fail(null, "the pusher's `data` as it was given, without the `url`", found);
  },
};

export const notificationsMayBeBare: Rule = {
  id: "cs-126",
  title: "A pusher of the format `event_id_only` is told which event, and neither by whom nor what",
  level: "must",
  specUrl: clientServerSpec("post_matrixclientv3pushersset"),
  reason: "The gateway and those behind it need not read what people write.",
  needs: ["homeserver", "push"],
  testable: true,
  async check(context) {
    const { gateway, pushkey, alice, bob, room } = await pusherOfBob(context, { format: "event_id_only" });
    const event = await say(alice, room, "between us");
    const notification = await notificationOf(context, gateway, pushkey, event);
    await removePusher(bob, pushkey);
    if (notification === undefined) return fail(null, `a notification of ${event} at the push gateway`);
    const told = ["content", "sender", "sender_display_name", "type"].filter((key) => key in notification);
    return told.length === 0
      ? pass()
      : fail(null, "the IDs of event and room, the counts and the devices alone", JSON.stringify(notification));
  },
};

export const rejectedPushersEnd: Rule = {
  id: "cs-127",
  title: "A pusher that the gateway rejects is removed",
  level: "must",
  specUrl: notifySpec,
  reason: "The telephone is gone; its notifications would be sent for ever.",
  needs: ["homeserver", "push"],
  testable: true,
  async check(context) {
    const { gateway, pushkey, alice, bob, room } = await pusherOfBob(context);
    gateway.reject(pushkey);
    const event = await say(alice, room, "to a telephone that is gone");
    const notification = await notificationOf(context, gateway, pushkey, event);
    if (notification === undefined) return fail(null, `a notification of ${event} at the push gateway`);
    const listed = () => needed(bob.get("/pushers"));
    const isThere = async () => idsIn((await listed()).json, "pushers", "pushkey").includes(pushkey);
    const isRemoved = await happens(context, async () => ((await isThere()) ? undefined : true));
    if (isRemoved === true) return pass();
    await removePusher(bob, pushkey);
    return fail(await listed(), "no pusher of the key that the gateway has rejected");
  },
};

export const mutedRoomsAreNotNotified: Rule = {
  id: "cs-128",
  title: "Nothing is notified of a room that is muted, nor of what one has sent oneself",
  level: "must",
  specUrl: clientServerSpec("push-rules"),
  reason: "A person has said that this must not wake them.",
  needs: ["homeserver", "push"],
  testable: true,
  async check(context) {
    const { gateway, pushkey, alice, bob, room } = await pusherOfBob(context);
    const { room: muted } = await sharedRoom(context);
    const rule = path`/pushrules/global/room/${muted}`;
    await needed(bob.put(rule, { actions: [] }));
    const unwanted = [await say(alice, muted, "unheard"), await say(bob, room, "my own")];
    // Notifications come in the order of their events, so that this one is the last to wait for.
    const last = await say(alice, room, "heard");
    const notification = await notificationOf(context, gateway, pushkey, last);
    await removePusher(bob, pushkey);
    await bob.delete(rule);
    if (notification === undefined) return fail(null, `a notification of ${last} at the push gateway`);
    const told = gateway.notificationsFor(pushkey).find((one) => unwanted.includes(String(one["event_id"])));
    return told === undefined ? pass() : fail(null, `a notification of ${last} alone`, JSON.stringify(told));
  },
};

const appId = "org.contract.test";

/** A room that bob has a new pusher for, which is to be removed afterwards. */
async function pusherOfBob(context: Context, data: JsonObject = {}) {
  const { push: gateway } = context;
  if (gateway === null) throw new NotOffered("nowhere for the server to send push notifications");
  const shared = await sharedRoom(context);
  const pushkey = context.random(20);
  const names = { app_display_name: "Contract", device_display_name: "contract test", lang: "en" };
  const pusher = { kind: "http", app_id: appId, pushkey, ...names, data: { url: gateway.url, ...data } };
  await needed(shared.bob.post("/pushers/set", pusher));
  return { ...shared, gateway, pushkey };
}

function removePusher(client: Client, pushkey: string): Promise<unknown> {
  return client.post("/pushers/set", { kind: null, app_id: appId, pushkey });
}

/** The notification of an event; undefined where it has not come in time. */
function notificationOf(context: Context, gateway: PushGateway, pushkey: string, event: string) {
  return happens(context, async () =>
    gateway.notificationsFor(pushkey).find((notification) => notification["event_id"] === event),
  );
}

const pollInterval = 50;

async function happens<T>({ wait }: Context, look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let waited = 0; ; waited += pollInterval) {
    const seen = await look();
    if (seen !== undefined || waited >= wait.timeout) return seen;
    await wait.sleep(pollInterval);
  }
}
