import type { Home } from "../home.ts";
import { backupKeyHandlers } from "./backups/key-handlers.ts";
import { backupVersionHandlers } from "./backups/version-handlers.ts";
import { claimKeys } from "./claim-keys.ts";
import { getKeysChanges } from "./keys-changes.ts";
import { queryKeys } from "./query-keys.ts";
import { sendToDevice } from "./to-device/send-to-device.ts";
import { uploadCrossSigningKeys } from "./upload-cross-signing-keys.ts";
import { uploadKeys } from "./upload-keys.ts";
import { uploadCrossSigningSignatures } from "./upload-signatures.ts";

/** What the server does for encryption between clients: https://spec.matrix.org/v1.19/client-server-api/#end-to-end-encryption */
export function encryptionHandlers(home: Home) {
  return {
    uploadKeys: uploadKeys(home),
    queryKeys: queryKeys(home),
    claimKeys: claimKeys(home),
    getKeysChanges: getKeysChanges(home),
    uploadCrossSigningKeys: uploadCrossSigningKeys(home),
    uploadCrossSigningSignatures: uploadCrossSigningSignatures(home),
    sendToDevice: sendToDevice(home),
    ...backupVersionHandlers(home),
    ...backupKeyHandlers(home),
  };
}
