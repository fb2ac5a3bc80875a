import type { Migration } from "../migrate.ts";

export interface EncryptionTables {
  hs_device_keys: DeviceKeyTable;
  hs_one_time_keys: OneTimeKeyTable;
  hs_claimed_keys: ClaimedKeyTable;
  hs_fallback_keys: FallbackKeyTable;
  hs_cross_signing_keys: CrossSigningKeyTable;
  hs_key_signatures: KeySignatureTable;
  hs_key_backups: KeyBackupTable;
  hs_backed_up_keys: BackedUpKeyTable;
  hs_to_device: ToDeviceTable;
  hs_to_device_transactions: ToDeviceTransactionTable;
}

/** Gone with its device, as all that is a device's. */
export interface DeviceKeyTable {
  user_id: string;
  device_id: string;
  /** As uploaded, without `signatures` and `unsigned`. */
  json: string;
}

/** Those that nobody has claimed. */
export interface OneTimeKeyTable {
  user_id: string;
  device_id: string;
  /** With its algorithm: `signed_curve25519:AAAAHg`. */
  key_id: string;
  algorithm: string;
  json: string;
  /** Counts the device's uploads: keys are given out in their order. */
  upload: number;
}

/** One-time keys that somebody has got: a repeated upload must not bring them back. */
export interface ClaimedKeyTable {
  user_id: string;
  device_id: string;
  key_id: string;
  json: string;
}

export interface FallbackKeyTable {
  user_id: string;
  device_id: string;
  algorithm: string;
  key_id: string;
  json: string;
  used: 0 | 1;
}

export interface CrossSigningKeyTable {
  user_id: string;
  usage: "master" | "self_signing" | "user_signing";
  public_key: string;
  /** As uploaded, without `signatures` and `unsigned`. */
  json: string;
}

export interface KeySignatureTable {
  /** Whose key is signed. */
  user_id: string;
  /** Which one: a device ID or a public key. */
  target: string;
  signer: string;
  /** Of the key that signed: `ed25519:` and a device ID or a public key. */
  key_id: string;
  signature: string;
}

export interface KeyBackupTable {
  user_id: string;
  /** 1, 2, 3 … for each user. */
  version: number;
  algorithm: string;
  auth_data: string;
  etag: number;
  /** The row stays, so that no other backup gets its version. */
  deleted: 0 | 1;
}

export interface BackedUpKeyTable {
  user_id: string;
  version: number;
  room_id: string;
  session_id: string;
  json: string;
}

export interface ToDeviceTable {
  message_id: string;
  user_id: string;
  device_id: string;
  sender: string;
  type: string;
  content: string;
}

export interface ToDeviceTransactionTable {
  /** Of the device that sends. */
  user_id: string;
  device_id: string;
  event_type: string;
  txn_id: string;
  sent_at: number;
  /** The device once more, with whose log-out this is forgotten; null for an application service that names none. */
  session_device: string | null;
}

const ofDevice = "foreign key (user_id, device_id) references hs_devices (user_id, device_id) on delete cascade";

export const encryption: Migration = {
  id: "0015-encryption",
  script: `
create table hs_device_keys (
  user_id text not null,
  device_id text not null,
  json text not null,
  primary key (user_id, device_id),
  ${ofDevice}
);
create table hs_one_time_keys (
  user_id text not null,
  device_id text not null,
  key_id text not null,
  algorithm text not null,
  json text not null,
  upload bigint not null,
  primary key (user_id, device_id, key_id),
  ${ofDevice}
);
create index hs_one_time_keys_order on hs_one_time_keys (user_id, device_id, algorithm, upload, key_id);
create table hs_claimed_keys (
  user_id text not null,
  device_id text not null,
  key_id text not null,
  json text not null,
  primary key (user_id, device_id, key_id),
  ${ofDevice}
);
create table hs_fallback_keys (
  user_id text not null,
  device_id text not null,
  algorithm text not null,
  key_id text not null,
  json text not null,
  used integer not null,
  primary key (user_id, device_id, algorithm),
  ${ofDevice}
);
create table hs_cross_signing_keys (
  user_id text not null references hs_users (user_id),
  usage text not null,
  public_key text not null,
  json text not null,
  primary key (user_id, usage)
);
create table hs_key_signatures (
  user_id text not null,
  target text not null,
  signer text not null,
  key_id text not null,
  signature text not null,
  primary key (user_id, target, signer, key_id)
);
create index hs_key_signatures_signer on hs_key_signatures (signer, key_id);
create table hs_key_backups (
  user_id text not null references hs_users (user_id),
  version bigint not null,
  algorithm text not null,
  auth_data text not null,
  etag bigint not null,
  deleted integer not null,
  primary key (user_id, version)
);
create table hs_backed_up_keys (
  user_id text not null,
  version bigint not null,
  room_id text not null,
  session_id text not null,
  json text not null,
  primary key (user_id, version, room_id, session_id),
  foreign key (user_id, version) references hs_key_backups (user_id, version) on delete cascade
);
create table hs_to_device (
  message_id text not null primary key,
  user_id text not null,
  device_id text not null,
  sender text not null,
  type text not null,
  content text not null,
  ${ofDevice}
);
create index hs_to_device_device on hs_to_device (user_id, device_id);
create table hs_to_device_transactions (
  user_id text not null,
  device_id text not null,
  event_type text not null,
  txn_id text not null,
  sent_at bigint not null,
  session_device text,
  primary key (user_id, device_id, event_type, txn_id),
  foreign key (user_id, session_device) references hs_devices (user_id, device_id) on delete cascade
);
create index hs_to_device_transactions_age on hs_to_device_transactions (sent_at)`,
};
