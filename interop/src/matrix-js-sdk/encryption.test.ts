import { Method } from "matrix-js-sdk";
import type { ICreateClientOpts, MatrixClient } from "matrix-js-sdk";
import type { UIAuthCallback } from "matrix-js-sdk/lib/interactive-auth.js";
import { CryptoEvent, VerificationPhase, VerifierEvent } from "matrix-js-sdk/lib/crypto-api/index.js";
import type {
  GeneratedSecretStorageKey,
  ShowSasCallbacks,
  VerificationRequest,
  Verifier,
} from "matrix-js-sdk/lib/crypto-api/index.js";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { runServers } from "../running-servers.ts";
import type { RunningServers } from "../running-servers.ts";
import { loggedIn, password, registered, syncing } from "./signed-in.ts";

let servers: RunningServers;
let alice: MatrixClient;
let phone: MatrixClient;
let bob: MatrixClient;
let roomId: string;
/** What Alice has on paper, and enters where a device asks for it. */
let recoveryKey: GeneratedSecretStorageKey;

const callbacks: Partial<ICreateClientOpts> = {
  cryptoCallbacks: {
    getSecretStorageKey: async ({ keys }) => {
      const [id] = Object.keys(keys);
      return id === undefined ? null : [id, recoveryKey.privateKey];
    },
  },
};

beforeAll(async () => {
  servers = await runServers({ passwordHashing: "test" });
  alice = await encrypting(await registered(servers, "alice", callbacks));
  bob = await encrypting(await registered(servers, "bob"));
});

afterAll(async () => {
  for (const client of [alice, phone, bob]) client?.stopClient();
  await servers?.stop();
});

// One story: each chapter goes on where the one before ended.
describe("encryption by matrix-js-sdk and its Rust library", () => {
  test("cross-signing keys are uploaded after the password", async () => {
    const asked: string[] = [];
    for (const client of [alice, bob]) {
      await crypto(client).bootstrapCrossSigning({ authUploadDeviceSigningKeys: byPassword(client, asked) });
      expect(await crypto(client).isCrossSigningReady()).toBe(true);
      const own = await crypto(client).getDeviceVerificationStatus(client.getSafeUserId(), client.getDeviceId() ?? "");
      expect(own?.signedByOwner).toBe(true);
    }
    // Those of a user who has none yet need no password since version 1.11 of the specification.
    expect(asked).toEqual([]);
  });

  test("a message is decrypted on the other side, and the server has only what is encrypted", async () => {
    ({ room_id: roomId } = await alice.createRoom({
      invite: ["@bob:localhost"],
      initial_state: [{ type: "m.room.encryption", state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } }],
    }));
    await eventually(() => bob.getRoom(roomId));
    await bob.joinRoom(roomId);
    await vi.waitFor(() => expect(alice.getRoom(roomId)?.getJoinedMemberCount()).toBe(2), patience);

    const { event_id: eventId } = await alice.sendTextMessage(roomId, "the tea is in the blue tin");
    expect(await textOf(bob, eventId)).toBe("the tea is in the blue tin");
    const stored = await bob.fetchRoomEvent(roomId, eventId);
    expect(stored.type).toBe("m.room.encrypted");
    expect(JSON.stringify(stored)).not.toContain("blue tin");

    const answer = await bob.sendTextMessage(roomId, "found it");
    expect(await textOf(alice, answer.event_id)).toBe("found it");
    const status = await crypto(bob).getUserVerificationStatus("@alice:localhost");
    expect(status.known).toBe(true);
    expect(status.isVerified()).toBe(false);
  });

  test("secrets are stored on the server, and message keys backed up", async () => {
    recoveryKey = await crypto(alice).createRecoveryKeyFromPassphrase();
    await crypto(alice).bootstrapSecretStorage({
      createSecretStorageKey: async () => recoveryKey,
      setupNewSecretStorage: true,
      setupNewKeyBackup: true,
    });
    expect(await crypto(alice).isSecretStorageReady()).toBe(true);
    // Keys are uploaded in the background: of both sides' sessions. The SDK keeps the count that it saw first.
    await vi.waitFor(async () => {
      const backup = await alice.http.authedRequest(Method.Get, "/room_keys/version");
      expect(backup).toMatchObject({ version: await crypto(alice).getActiveSessionBackupVersion(), count: 2 });
    }, patience);
  });

  test("a new device is verified by comparing emoji, and trusted by whom trusts its owner", async () => {
    phone = await encrypting(await loggedIn(servers, "alice", callbacks));
    await crypto(phone).getUserDeviceInfo(["@alice:localhost"], true);
    const onPhone = (id: string) => crypto(phone).getDeviceVerificationStatus("@alice:localhost", id);
    expect((await onPhone(alice.getDeviceId() ?? ""))?.crossSigningVerified).toBe(false);

    const incoming = new Promise<VerificationRequest>((resolve) => {
      alice.once(CryptoEvent.VerificationRequestReceived, resolve);
    });
    const outgoing = await crypto(phone).requestOwnUserVerification();
    const request = await incoming;
    await request.accept();
    await vi.waitFor(() => expect(outgoing.phase).toBe(VerificationPhase.Ready), patience);
    const verifiers = [await outgoing.startVerification("m.sas.v1"), await eventually(() => request.verifier)];
    const shown = verifiers.map(sasOf);
    const done = Promise.all(verifiers.map((verifier) => verifier.verify()));
    const [onOne, onOther] = await Promise.all(shown);
    expect(onOne?.sas.emoji).toHaveLength(7);
    expect(onOne?.sas).toEqual(onOther?.sas);
    await onOne?.confirm();
    await onOther?.confirm();
    await done;

    await vi.waitFor(
      async () => expect((await onPhone(phone.getDeviceId() ?? ""))?.crossSigningVerified).toBe(true),
      patience,
    );
    await vi.waitFor(async () => {
      const seenByBob = await crypto(bob).getDeviceVerificationStatus("@alice:localhost", phone.getDeviceId() ?? "");
      expect(seenByBob?.signedByOwner).toBe(true);
    }, patience);
  });

  test("messages from before are read on the new device after the keys are restored", async () => {
    await crypto(phone).loadSessionBackupPrivateKeyFromSecretStorage();
    const { imported, total } = await crypto(phone).restoreKeyBackup();
    expect({ imported, total }).toEqual({ imported: 2, total: 2 });
    const texts = await Promise.all(
      (phone.getRoom(roomId)?.getLiveTimeline().getEvents() ?? [])
        .filter((event) => event.isEncrypted())
        .map(async (event) => {
          await vi.waitFor(() => expect(event.isDecryptionFailure()).toBe(false), patience);
          return String(event.getContent()["body"]);
        }),
    );
    expect(texts).toEqual(["the tea is in the blue tin", "found it"]);
  });

  test("what is said next reaches each device", async () => {
    const { event_id: eventId } = await bob.sendTextMessage(roomId, "and now the cups");
    expect(await textOf(phone, eventId)).toBe("and now the cups");
    expect(await textOf(alice, eventId)).toBe("and now the cups");
  });

  test("new cross-signing keys need the password", async () => {
    const asked: string[] = [];
    await crypto(bob).bootstrapCrossSigning({
      setupNewCrossSigning: true,
      authUploadDeviceSigningKeys: byPassword(bob, asked),
    });
    expect(asked).toEqual(["m.login.password"]);
    await vi.waitFor(async () => {
      const seen = await crypto(alice).getUserVerificationStatus("@bob:localhost");
      expect(seen.needsUserApproval).toBe(true);
    }, patience);
  });
});

const patience = { timeout: 20_000, interval: 50 };

async function encrypting(client: MatrixClient): Promise<MatrixClient> {
  await client.initRustCrypto({ useIndexedDB: false });
  return syncing(client);
}

function crypto(client: MatrixClient) {
  const found = client.getCrypto();
  if (found === undefined) throw new Error(`${client.getUserId()} has no encryption: initRustCrypto first.`);
  return found;
}

/** Uploads without authentication first, as apps do, and answers what the server asks for. */
function byPassword(client: MatrixClient, asked: string[]): UIAuthCallback<void> {
  return async (makeRequest) => {
    try {
      return await makeRequest(null);
    } catch (error) {
      const { data } = error as { data: { session: string; flows: readonly { stages: readonly string[] }[] } }; // a MatrixError
      asked.push(...data.flows.flatMap(({ stages }) => stages));
      const identifier = { type: "m.id.user", user: client.getSafeUserId() };
      return makeRequest({ type: "m.login.password", identifier, password, session: data.session });
    }
  };
}

function sasOf(verifier: Verifier): Promise<ShowSasCallbacks> {
  return new Promise((resolve) => {
    const shown = verifier.getShowSasCallbacks();
    if (shown === null) verifier.once(VerifierEvent.ShowSas, resolve);
    else resolve(shown);
  });
}

async function textOf(client: MatrixClient, eventId: string): Promise<string> {
  const event = await eventually(() => client.getRoom(roomId)?.findEventById(eventId));
  return vi.waitFor(() => {
    expect(event.isEncrypted() && !event.isBeingDecrypted() && !event.isDecryptionFailure()).toBe(true);
    const { body } = event.getContent();
    if (typeof body !== "string") throw new Error(`not decrypted yet: ${event.getType()}`);
    return body;
  }, patience);
}

/** Waits for what a sync brings. */
function eventually<T>(look: () => T | null | undefined): Promise<T> {
  return vi.waitFor(() => {
    const found = look();
    if (found === null || found === undefined) throw new Error(`nothing yet: ${look.toString()}`);
    return found;
  }, patience);
}
