import type { components } from "@matrix-openapi/definitions/client-server";

export type KeyBackupData = components["schemas"]["KeyBackupData"];

/** Whether a key takes the place of another of the same session: https://spec.matrix.org/v1.19/client-server-api/#server-side-key-backups */
export function isBetterKey(key: KeyBackupData, stored: KeyBackupData): boolean {
  if (key.is_verified !== stored.is_verified) return key.is_verified;
  if (key.first_message_index !== stored.first_message_index) {
    return key.first_message_index < stored.first_message_index;
  }
  return key.forwarded_count < stored.forwarded_count;
}
