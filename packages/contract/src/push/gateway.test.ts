import { afterAll, beforeAll, expect, test } from "vitest";
import type { PushGateway } from "./gateway.ts";
import { startPushGateway } from "./gateway.ts";

let gateway: PushGateway;
beforeAll(async () => {
  gateway = await startPushGateway("http://127.0.0.1:0");
});
afterAll(() => gateway.close());

const notify = async (body: string, url = gateway.url) => {
  const answer = await fetch(url, { method: "POST", body });
  return { status: answer.status, body: await answer.json() };
};
const about = (event_id: string, pushkey: string) =>
  JSON.stringify({ notification: { event_id, devices: [{ app_id: "app", pushkey }] } });

test("keeps notifications by their push keys, and rejects those that it is told to", async () => {
  expect(await notify(about("$1", "one"))).toEqual({ status: 200, body: { rejected: [] } });
  gateway.reject("two");
  expect(await notify(about("$2", "two"))).toEqual({ status: 200, body: { rejected: ["two"] } });
  expect(gateway.notificationsFor("one").map((one) => one["event_id"])).toEqual(["$1"]);
});

test("answers 404 to what is no notification", async () => {
  expect((await notify("{broken")).status).toBe(404);
  expect((await notify(about("$3", "one"), new URL("/elsewhere", gateway.url).href)).status).toBe(404);
  expect(gateway.notificationsFor("one")).toHaveLength(1);
});
