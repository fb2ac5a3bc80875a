import { ok } from "@matrix-openapi/server";
import { withTransaction } from "../../storage/database.ts";
import type { Database } from "../../storage/database.ts";
import { appendToStream } from "../../storage/stream.ts";
import type { Handler, Home } from "../home.ts";
import { crossSigningKeysOf } from "./cross-signing-keys.ts";
import type { KeyUsage } from "./cross-signing-keys.ts";
import { deviceKeysOf } from "./device-keys.ts";
import { addSignatures } from "./key-signatures.ts";
import type { SignedKey } from "./key-signatures.ts";
import { isSame, isSignedBy, signaturesOf, signedPart } from "./signed-objects.ts";

interface Failure {
  readonly errcode: string;
  readonly error: string;
}

/**
 * Takes the signatures by which a user vouches for own devices, the own master key, and the master keys of others. Each
 * object is taken or fails by itself.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3keyssignaturesupload
 */
export function uploadCrossSigningSignatures({ db }: Home): Handler<"uploadCrossSigningSignatures"> {
  return async ({ user, body }) => {
    const failures: Record<string, Record<string, Failure>> = {};
    await withTransaction(db, async () => {
      const keys = await keyRing(db, user.id, Object.keys(body));
      for (const [userId, objects] of Object.entries(body)) {
        for (const [target, object] of Object.entries(objects)) {
          const failure = await takeSignatures(db, keys, { userId, target }, object);
          if (failure !== undefined) (failures[userId] ??= {})[target] = failure;
        }
      }
    });
    return ok({ failures });
  };
}

/** Everything that the signatures of one user can be on and by. */
interface KeyRing {
  readonly signer: string;
  /** As JSON, without signatures. */
  find(key: SignedKey): { readonly json: string; readonly usage: KeyUsage | "device" } | undefined;
  /** The keys that this kind of key can be signed with: public keys by ID. */
  signingKeys(key: SignedKey, usage: KeyUsage | "device"): ReadonlyMap<string, string>;
}

async function takeSignatures(
  db: Database,
  keys: KeyRing,
  key: SignedKey,
  object: object,
): Promise<Failure | undefined> {
  const stored = keys.find(key);
  if (stored === undefined) return failure("M_NOT_FOUND", `${key.userId} has no device or key ${key.target}.`);
  if (!isSame(stored.json, signedPart(object))) {
    return failure("M_UNKNOWN", `What is signed is not ${key.target} as the server has it: look it up again.`);
  }
  const signingKeys = keys.signingKeys(key, stored.usage);
  const signatures = Object.entries(signaturesOf(object, keys.signer)).filter(([keyId]) => signingKeys.has(keyId));
  if (signatures.length === 0) {
    const expected = [...signingKeys.keys()].join(" or ") || "a key that you have not uploaded yet";
    return failure("M_INVALID_SIGNATURE", `There is no signature of yours by a key that signs this: ${expected}.`);
  }
  for (const [keyId] of signatures) {
    if (!isSignedBy(object, keys.signer, keyId, signingKeys.get(keyId) ?? "")) {
      return failure("M_INVALID_SIGNATURE", `The signature by ${keyId} is not valid.`);
    }
  }
  await addSignatures(db, key, keys.signer, Object.fromEntries(signatures));
  const isOwn = key.userId === keys.signer;
  // Whom a user has verified, nobody else is told.
  appendToStream(db, { kind: "device_list", userId: key.userId, ...(!isOwn && { reference: keys.signer }) });
  return undefined;
}

const failure = (errcode: string, error: string): Failure => ({ errcode, error });

/** Own devices are signed by the self-signing key, the own master key by devices, those of others by the user-signing key. */
async function keyRing(db: Database, signer: string, userIds: readonly string[]): Promise<KeyRing> {
  const crossSigningKeys = await crossSigningKeysOf(db, new Set([signer, ...userIds]));
  const devices = await deviceKeysOf(db, [signer]);
  const ownKey = (usage: KeyUsage): Map<string, string> => {
    const own = crossSigningKeys.find((key) => key.userId === signer && key.usage === usage);
    return new Map(own === undefined ? [] : [[`ed25519:${own.publicKey}`, own.publicKey]]);
  };
  const deviceKeys = new Map(
    devices.map(({ deviceId, keys }) => [`ed25519:${deviceId}`, keys.keys[`ed25519:${deviceId}`] ?? ""]),
  );
  return {
    signer,
    find({ userId, target }) {
      const device = userId === signer ? devices.find(({ deviceId }) => deviceId === target) : undefined;
      if (device !== undefined) return { json: JSON.stringify(device.keys), usage: "device" };
      const key = crossSigningKeys.find((some) => some.userId === userId && some.publicKey === target);
      return key?.usage === "master" || userId === signer ? key : undefined;
    },
    signingKeys({ userId }, usage) {
      if (userId !== signer) return ownKey("user_signing");
      if (usage === "device") return ownKey("self_signing");
      return usage === "master" ? deviceKeys : ownKey("master");
    },
  };
}
