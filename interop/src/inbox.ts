import type { InboxMessage } from "@matrix-openapi/reference-server";

/** Does what a person does with a validation mail: follows the link of the newest one, as soon as it is there. */
export async function followLink(inbox: string, to: string): Promise<void> {
  const { links } = await newestMessage(inbox, to);
  const [link] = links;
  if (link === undefined) throw new Error(`The message to ${to} has no link.`);
  const page = await fetch(link);
  if (!page.ok) throw new Error(`${link} answered ${page.status}: ${await page.text()}`);
}

const followed = new Set<string>();

/** Mail takes its way over SMTP, so it is waited for; what was followed before is passed over. */
async function newestMessage(inbox: string, to: string): Promise<InboxMessage> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline;) {
    const response = await fetch(`${inbox}/api/messages?to=${encodeURIComponent(to)}`);
    const { messages } = (await response.json()) as { messages: InboxMessage[] }; // the inbox's own API
    const message = messages.find(({ id }) => !followed.has(`${inbox} ${id}`));
    if (message !== undefined) {
      followed.add(`${inbox} ${message.id}`);
      return message;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`No message to ${to} arrived within ten seconds.`);
}
