import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MatrixClient } from "matrix-js-sdk";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { installedClients } from "../installed-clients.ts";
import { password, registered, syncing } from "../matrix-js-sdk/signed-in.ts";
import { runServers } from "../running-servers.ts";
import type { RunningServers } from "../running-servers.ts";
import { startChromium } from "./chromium.ts";
import type { Browser } from "./chromium.ts";
import { servePage } from "./serve-page.ts";
import type { ServedPage } from "./serve-page.ts";

const minutes = 60_000;

let servers: RunningServers;
let alice: MatrixClient;
let served: ServedPage;
let browser: Browser;
let roomId: string;

beforeAll(async () => {
  const clients = installedClients();
  const assets = dirname(clients.resolve("hydrogen-view-sdk/main.js"));
  const olm = dirname(clients.resolve("@matrix-org/olm"));
  const worker = join(assets, "../../lib-build/sw.js");
  served = await servePage({
    page: "hydrogen",
    folders: { "/sw.js": worker, "/assets/": `${assets}/`, "/olm/": `${olm}/` },
  });
  browser = await startChromium();
  servers = await runServers({ passwordHashing: "test" });
  const bob = await registered(servers, "bob");
  alice = await syncing(await registered(servers, "alice"));
  ({ room_id: roomId } = await alice.createRoom({ name: "Tea", invite: ["@bob:localhost"] }));
  await bob.joinRoom(roomId);
  for (let number = 1; number <= 40; number += 1) await alice.sendTextMessage(roomId, `cup ${number}`);
}, 5 * minutes);

afterAll(async () => {
  alice?.stopClient();
  await browser?.close();
  served?.close();
  await servers?.stop();
});

test("Hydrogen shows a room, sends to it, and follows it", async () => {
  const page = await browser.newPage();
  const given = new URLSearchParams({ homeserver: servers.homeserver, user: "bob", password });
  await page.goto(`${served.url}?${given.toString()}`);
  await vi.waitFor(async () => expect(await page.getByRole("status").textContent()).toBe("ready"), patience);
  const shown = () => page.locator(".Timeline_messageBody").allTextContents();
  await vi.waitFor(async () => expect((await shown()).at(-1)).toContain("cup 40"), patience);

  await alice.sendTextMessage(roomId, "and one more");
  await vi.waitFor(async () => expect((await shown()).at(-1)).toContain("and one more"), patience);

  await page.locator("textarea").fill("from Hydrogen");
  await page.locator("textarea").press("Enter");
  const texts = () =>
    alice
      .getRoom(roomId)
      ?.getLiveTimeline()
      .getEvents()
      .map((event) => event.getContent()["body"] as unknown);
  await vi.waitFor(() => expect(texts()?.filter((text) => text === "from Hydrogen")).toHaveLength(1), patience);
  await vi.waitFor(async () => expect((await shown()).at(-1)).toContain("from Hydrogen"), patience);

  const folder = fileURLToPath(new URL("../../.subjects/screenshots/", import.meta.url));
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}hydrogen.png` });
});

const patience = { timeout: 15_000, interval: 50 };
