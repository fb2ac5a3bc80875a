import type { InboxMessage } from "@matrix-openapi/reference-server";

/** The newest message to an address, as soon as it is there: mail takes its way over SMTP. */
export async function newestMessage(inbox: string, to: string): Promise<InboxMessage> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline;) {
    const response = await fetch(`${inbox}/api/messages?to=${encodeURIComponent(to)}`);
    const { messages } = (await response.json()) as { messages: InboxMessage[] }; // the inbox's own API
    if (messages[0] !== undefined) {
      await fetch(`${inbox}/api/messages`, { method: "DELETE" });
      return messages[0];
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`No message to ${to} arrived within ten seconds.`);
}

/** Does what a person does with a validation mail: follows its link, and confirms where the page asks for it. */
export async function followLink(inbox: string, to: string): Promise<void> {
  const link = (await newestMessage(inbox, to)).links[0];
  if (link === undefined) throw new Error(`The message to ${to} has no link.`);
  const page = await fetch(link);
  if (!page.ok) throw new Error(`${link} answered ${page.status}: ${await page.text()}`);
}
