import type { ServerApplication } from "../platform.ts";
import type { Clock } from "../process/clock.ts";
import { createInboxApplication } from "./inbox-application.ts";
import { createMessageStore } from "./message-store.ts";
import type { InboxMessage } from "./message-store.ts";
import type { SmtpCatcher } from "./smtp-catcher.ts";

/** Where a development server's mails and text messages arrive. */
export interface Inbox {
  readonly application: ServerApplication;
  /** Starts the SMTP catcher when first asked: most test runs never send a mail. */
  smtpUrl(): Promise<string>;
  /** Newest first. */
  messages(): readonly InboxMessage[];
  /** Puts these in the place of all others. */
  replaceMessages(messages: readonly InboxMessage[]): void;
  close(): Promise<void>;
}

export function createInbox(clock: Clock): Inbox {
  const store = createMessageStore(clock);
  let starting: Promise<SmtpCatcher> | undefined;
  return {
    application: createInboxApplication(store),
    async smtpUrl() {
      starting ??= import("./smtp-catcher.ts").then(({ startSmtpCatcher }) => startSmtpCatcher(store));
      return (await starting).url;
    },
    messages: () => store.list(),
    replaceMessages: store.replace,
    async close() {
      const catcher = await starting?.catch(() => undefined);
      await catcher?.close();
    },
  };
}
