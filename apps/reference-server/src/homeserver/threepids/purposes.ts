import { error } from "@matrix-openapi/server";
import type { Platform } from "../../platform.ts";
import { findAccountByThreepid } from "../accounts/accounts.ts";
import type { ThirdPartyIdentifier } from "../accounts/accounts.ts";

/** What an address is validated for; a session of one purpose is of no use for another. */
export type ValidationPurpose = "register" | "password" | "add";

/** What somebody wants with an address, and which addresses that can lead anywhere with. */
export interface TokenPurpose<Refusal> {
  readonly name: ValidationPurpose;
  /** As the mail says it, after "Somebody entered this address on example.org to". */
  readonly inWords: string;
  /** Why no message is sent there, or undefined. */
  refuse(platform: Platform, threepid: ThirdPartyIdentifier): Promise<Refusal | undefined>;
}

export const registering = { name: "register", inWords: "register an account", refuse: refuseTaken } as const;

export const adding = { name: "add", inWords: "add it to an account", refuse: refuseTaken } as const;

export const resettingPassword = {
  name: "password",
  inWords: "reset the password of an account",
  refuse: refuseUnknown,
} as const;

async function refuseTaken({ db }: Platform, threepid: ThirdPartyIdentifier) {
  const owner = await findAccountByThreepid(db, threepid);
  return owner && error(400, "M_THREEPID_IN_USE", "The address belongs to an account already.");
}

async function refuseUnknown({ db }: Platform, threepid: ThirdPartyIdentifier) {
  const owner = await findAccountByThreepid(db, threepid);
  return owner === undefined ? error(400, "M_THREEPID_NOT_FOUND", "The address belongs to no account.") : undefined;
}
