import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MsgType } from "matrix-js-sdk";
import type { MatrixClient } from "matrix-js-sdk";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { password, registered, seesKeysOf, syncing } from "../matrix-js-sdk/signed-in.ts";
import { runServers } from "../running-servers.ts";
import type { RunningServers } from "../running-servers.ts";
import { startChromium } from "./chromium.ts";
import type { Browser, Page } from "./chromium.ts";
import { servePage } from "./serve-page.ts";
import type { ServedPage } from "./serve-page.ts";

const minutes = 60_000;

let servers: RunningServers;
let alice: MatrixClient;
let served: ServedPage;
let browser: Browser;
let page: Page;
let roomId: string;
const complaints: string[] = [];

beforeAll(async () => {
  const wasm = fileURLToPath(new URL("./pkg/", import.meta.resolve("@matrix-org/matrix-sdk-crypto-wasm")));
  served = await servePage({ page: "page", folders: { "/pkg/": wasm } });
  browser = await startChromium();
  servers = await runServers({ passwordHashing: "test" });
  await registered(servers, "bob");
  alice = await registered(servers, "alice");
  await alice.initRustCrypto({ useIndexedDB: false });
  await syncing(alice);
  page = await browser.newPage();
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(served.url);
}, 5 * minutes);

afterAll(async () => {
  alice?.stopClient();
  await browser?.close();
  served?.close();
  await servers?.stop();
});

// One story: each chapter goes on where the one before ended.
describe("a page of another origin, in Chromium", () => {
  test("reads why a login is refused", async () => {
    await logIn("wrong");
    await vi.waitFor(async () => expect(await page.getByRole("status").textContent()).toContain("[403]"), patience);
  });

  test("logs in and shows an encrypted message", async () => {
    await logIn(password);
    await vi.waitFor(
      async () => expect(await page.getByRole("status").textContent()).toBe("Logged in as @bob:localhost"),
      patience,
    );
    // The SDK uploads the keys of a device some time after its first sync.
    await seesKeysOf(alice, "@bob:localhost");
    const encryption = { type: "m.room.encryption", state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } };
    const room = await alice.createRoom({ name: "Tea", invite: ["@bob:localhost"], initial_state: [encryption] });
    roomId = room.room_id;
    await vi.waitFor(() => expect(alice.getRoom(roomId)?.getJoinedMemberCount()).toBe(2), patience);
    await alice.sendTextMessage(roomId, "are you in a browser?");
    await vi.waitFor(async () => expect(await shown()).toEqual(["@alice:localhost: are you in a browser?"]), patience);
    expect(await page.locator("h1").textContent()).toBe("Tea");
  });

  test("sends a message", async () => {
    await page.getByLabel("Message").fill("yes, in Chromium");
    await page.getByRole("button", { name: "Send" }).click();
    const texts = () =>
      alice
        .getRoom(roomId)
        ?.getLiveTimeline()
        .getEvents()
        .map((event) => event.getContent()["body"] as unknown);
    await vi.waitFor(() => expect(texts()).toContain("yes, in Chromium"), patience);
    await vi.waitFor(
      async () =>
        expect(await shown()).toEqual(["@alice:localhost: are you in a browser?", "@bob:localhost: yes, in Chromium"]),
      patience,
    );
  });

  test("shows a picture, which is sent with a token only", async () => {
    const { content_uri: url } = await alice.uploadContent(Buffer.from(square, "base64"), { type: "image/png" });
    await alice.sendMessage(roomId, { msgtype: MsgType.Image, body: "square.png", url });
    await vi.waitFor(async () => expect(await page.locator("#timeline img").count()).toBe(1), patience);
  });

  test("has seen nothing that the browser forbids", async () => {
    const folder = fileURLToPath(new URL("../../.subjects/screenshots/", import.meta.url));
    mkdirSync(folder, { recursive: true });
    const image = await page.screenshot({ path: `${folder}browser.png` });
    expect(image.length).toBeGreaterThan(1000);
    expect(complaints.filter((text) => /CORS|blocked|Refused/iu.test(text))).toEqual([]);
  });
});

const patience = { timeout: 15_000, interval: 50 };

async function logIn(entered: string): Promise<void> {
  await page.getByLabel("Homeserver").fill(servers.homeserver);
  await page.getByLabel("User").fill("bob");
  await page.getByLabel("Password").fill(entered);
  await page.getByRole("button", { name: "Log in" }).click();
}

const shown = (): Promise<string[]> => page.locator("#timeline li").allTextContents();

/** A PNG of 8 × 8 pixels. */
const square = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR4nGM4EaCBFTEMLQkAaplQAc/OcKAAAAAASUVORK5CYII=";
