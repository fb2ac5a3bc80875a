import type { Clock } from "../process/clock.ts";

/** What the inbox keeps of a mail or a text message. */
export interface InboxMessage {
  readonly id: string;
  readonly medium: "email" | "msisdn";
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  /** The http(s) links of the text, in order. */
  readonly links: readonly string[];
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

type NewInboxMessage = Omit<InboxMessage, "id" | "links" | "receivedAt">;

export interface MessageStore {
  add(message: NewInboxMessage): InboxMessage;
  /** Newest first; `to` compares without case. */
  list(filter?: { readonly to?: string }): readonly InboxMessage[];
  get(id: string): InboxMessage | undefined;
  clear(): void;
  /** Newest first. */
  replace(messages: readonly InboxMessage[]): void;
}

/** In memory, and bounded: the oldest message makes room. */
export function createMessageStore(clock: Clock, capacity = 1000): MessageStore {
  const messages: InboxMessage[] = [];
  let count = 0;
  return {
    add(fields) {
      const message = { ...fields, id: String(++count), links: findLinks(fields.text), receivedAt: clock.now() };
      messages.unshift(message);
      messages.length = Math.min(messages.length, capacity);
      return message;
    },
    list({ to } = {}) {
      if (to === undefined) return [...messages];
      return messages.filter((message) => message.to.some((address) => address.toLowerCase() === to.toLowerCase()));
    },
    get: (id) => messages.find((message) => message.id === id),
    clear() {
      messages.length = 0;
    },
    replace(others) {
      messages.splice(0, messages.length, ...others);
    },
  };
}

function findLinks(text: string): string[] {
  return [...text.matchAll(/https?:\/\/[^\s<>"']+/g)].map(([link]) => link.replace(/[.,;:!?)\]]+$/, ""));
}
