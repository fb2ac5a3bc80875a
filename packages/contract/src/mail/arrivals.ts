import { Blocked } from "../outcome.ts";
import type { Mailbox, Message } from "./mailbox.ts";

const pollInterval = 50;

/** Waits until `count` messages have arrived at an address, and returns the newest of them. */
export async function waitForMessage(
  mailbox: Mailbox,
  address: string,
  wait: { readonly sleep: (milliseconds: number) => Promise<void>; readonly timeout: number },
  count = 1,
): Promise<Message> {
  for (let waited = 0; waited <= wait.timeout; waited += pollInterval) {
    const message = (await mailbox.messagesTo(address))[count - 1];
    if (message !== undefined) return message;
    await wait.sleep(pollInterval);
  }
  throw new Blocked(null, `no message number ${count} arrived at ${address} within ${wait.timeout} ms`);
}
