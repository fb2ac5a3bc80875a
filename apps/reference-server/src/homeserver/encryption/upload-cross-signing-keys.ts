import { error, MatrixError, ok } from "@matrix-openapi/server";
import type { Database } from "../../storage/database.ts";
import { appendToStream } from "../../storage/stream.ts";
import type { Handler, HandlerContext, Home } from "../home.ts";
import { uiaRequirement } from "../user-interactive-auth/requirements.ts";
import { provenAccount } from "../user-interactive-auth/run-for-account.ts";
import { crossSigningKeysOf, publicKeyOf, storeCrossSigningKey } from "./cross-signing-keys.ts";
import type { CrossSigningKey, KeyUsage, StoredCrossSigningKey } from "./cross-signing-keys.ts";
import { devicesOf } from "./local-users.ts";
import { isSame, isSignedBy, signedPart } from "./signed-objects.ts";

type Body = HandlerContext<"uploadCrossSigningKeys">["body"];
type NewKeys = readonly (readonly [usage: KeyUsage, key: CrossSigningKey])[];

/**
 * Stores the keys by which a user vouches for devices and others. The first ones, and the same ones again, need no
 * authentication, and neither do application services. https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3keysdevice_signingupload
 */
export function uploadCrossSigningKeys(home: Home): Handler<"uploadCrossSigningKeys"> {
  const { db } = home;
  return async ({ user, body, uia }) => {
    const keys = newKeys(body);
    await checkKeys(db, user.id, keys);
    const isService = user.applicationService !== undefined;
    const isExempt = isService || bringsNothingNew(await crossSigningKeysOf(db, [user.id]), body, keys);
    const requirement = isExempt
      ? { flows: [], exempt: true }
      : await uiaRequirement(home, "uploadCrossSigningKeys", user);
    return uia.run(requirement, async (grant) => {
      const userId = await provenAccount(home, user, grant);
      // Asked again in the transaction, because somebody may have been faster.
      await checkKeys(db, userId, keys);
      if (isExempt && !isService && !bringsNothingNew(await crossSigningKeysOf(db, [userId]), body, keys))
        return overtaken;
      await storeKeys(db, userId, keys);
      return ok({});
    });
  };
}

const overtaken = error(403, "M_FORBIDDEN", "Other keys were uploaded at the same moment: send the request again.");

/** In the order in which they sign each other. */
function newKeys(body: Body): NewKeys {
  const { master_key: master, self_signing_key: selfSigning, user_signing_key: userSigning } = body;
  return [
    ...(master === undefined ? [] : [["master", master] as const]),
    ...(selfSigning === undefined ? [] : [["self_signing", selfSigning] as const]),
    ...(userSigning === undefined ? [] : [["user_signing", userSigning] as const]),
  ];
}

function bringsNothingNew(stored: readonly StoredCrossSigningKey[], { master_key: master }: Body, keys: NewKeys) {
  if (!stored.some(({ usage }) => usage === "master")) return true;
  return (
    master !== undefined &&
    keys.every(([usage, key]) => stored.some((own) => own.usage === usage && isSame(own.json, signedPart(key))))
  );
}

async function checkKeys(db: Database, userId: string, keys: NewKeys): Promise<void> {
  for (const [usage, key] of keys) checkForm(userId, usage, key);
  const stored = await crossSigningKeysOf(db, [userId]);
  const byUsage = new Map([
    ...stored.map(({ usage, publicKey }) => [usage, publicKey] as const),
    ...keys.map(([usage, key]) => [usage, publicKeyOf(key)] as const),
  ]);
  if (new Set(byUsage.values()).size < byUsage.size) {
    throw new MatrixError(400, "M_BAD_JSON", "Two of the keys are the same: make one for each usage.");
  }
  const devices = (await devicesOf(db, [userId])).get(userId);
  for (const [usage, key] of keys) {
    if (devices?.has(publicKeyOf(key)) === true) {
      throw new MatrixError(403, "M_FORBIDDEN", `The ${usage} key is the ID of one of your devices: make another.`);
    }
    if (usage !== "master") checkMasterSignature(userId, usage, key, byUsage.get("master"));
  }
}

function checkForm(userId: string, usage: KeyUsage, key: CrossSigningKey): void {
  const [keyId, publicKey] = Object.entries(key.keys)[0] ?? [];
  const fault =
    (key.user_id !== userId && `is for ${key.user_id}, not for ${userId}`) ||
    (!key.usage.includes(usage) && `lacks "${usage}" in usage`) ||
    (keyId !== `ed25519:${publicKey}` && `has the ID ${keyId}; expected ed25519:${publicKey}`);
  if (fault !== false) throw new MatrixError(400, "M_BAD_JSON", `The ${usage} key ${fault}.`);
}

function checkMasterSignature(userId: string, usage: KeyUsage, key: CrossSigningKey, master: string | undefined) {
  if (master === undefined) {
    throw new MatrixError(400, "M_MISSING_PARAM", `There is no master key to check the ${usage} key with: send both.`);
  }
  if (!isSignedBy(key, userId, `ed25519:${master}`, master)) {
    throw new MatrixError(
      400,
      "M_INVALID_SIGNATURE",
      `The ${usage} key must have a valid signature of the master key ed25519:${master}.`,
    );
  }
}

async function storeKeys(db: Database, userId: string, keys: NewKeys): Promise<void> {
  const changed = new Set<KeyUsage>();
  for (const [usage, key] of keys) {
    if (await storeCrossSigningKey(db, userId, usage, key)) changed.add(usage);
  }
  if (changed.has("master") || changed.has("self_signing")) appendToStream(db, { kind: "device_list", userId });
  else if (changed.has("user_signing")) appendToStream(db, { kind: "device_list", userId, reference: userId });
}
