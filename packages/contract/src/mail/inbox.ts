import { parseJson, readBytes } from "../body.ts";
import { reasonOf, Unreachable } from "../http.ts";
import { member } from "../json.ts";
import type { Mailbox, Message } from "./mailbox.ts";

/** The reference server's inbox, which holds both mails and text messages; it is read over HTTP, on loopback. */
export function openInbox(
  url: URL | string,
  send: typeof fetch = fetch,
  domain = "contract.test",
  timeout = 10_000,
): Mailbox {
  const list = new URL("/api/messages", url);
  return {
    domain,
    async messagesTo(address) {
      list.searchParams.set("to", address);
      const body = await read(send, list, timeout).catch((cause: unknown) => {
        throw new Unreachable(`the inbox at ${list.origin} does not answer: ${reasonOf(cause, timeout)}`, { cause });
      });
      const messages = member(body, "messages");
      if (!Array.isArray(messages))
        throw new Unreachable(`${list.origin} is not an inbox: expected /api/messages to answer {"messages": […]}`);
      // The inbox lists the newest first.
      return messages.map((message) => readMessage(message, address)).toReversed();
    },
    close: async () => {},
  };
}

async function read(send: typeof fetch, list: URL, timeout: number): Promise<unknown> {
  const answer = await send(list, { signal: AbortSignal.timeout(timeout) });
  return parseJson(new TextDecoder().decode(await readBytes(answer)));
}

function readMessage(message: unknown, to: string): Message {
  const text = (key: string): string => {
    const value = member(message, key);
    return typeof value === "string" ? value : "";
  };
  return { to, subject: text("subject"), text: text("text"), html: text("html") };
}
