import type { Mailbox } from "./mail/mailbox.ts";

export type Medium = "email" | "msisdn";

export interface NewAddress {
  /** As an account or a lookup shows it: a mail address, or a phone number without `+`. */
  readonly address: string;
  /** How a request for a token names it. */
  readonly fields: Readonly<Record<string, string>>;
}

/** An address whose messages arrive in the mailbox. Phone numbers come around again: there are only a thousand. */
export function newAddress(medium: Medium, { domain }: Mailbox, random: (length: number) => string): NewAddress {
  if (medium === "email") {
    const address = `${random(12)}@${domain}`;
    return { address, fields: { email: address } };
  }
  // Of the range that is kept free for fiction: nobody can be called by a test.
  const national = `07700900${String(Number.parseInt(random(6), 36) % 1000).padStart(3, "0")}`;
  return { address: `44${national.slice(1)}`, fields: { country: "GB", phone_number: national } };
}
