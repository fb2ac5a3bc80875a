/** A mail or SMS that a server under test has sent. */
export interface Message {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Where the messages of the server under test arrive: our own SMTP sink, or the reference server's inbox. */
export interface Mailbox {
  /** All messages sent to an address or number so far, oldest first. */
  messagesTo(address: string): Promise<readonly Message[]>;
  /** The domain under which the mailbox takes any address. */
  readonly domain: string;
  close(): Promise<void>;
}

/** Every http(s) link of a message, each once: a validation link is among them, whatever the mail looks like. */
function linksIn(message: Message): readonly URL[] {
  const source = `${message.text}\n${message.html.replaceAll("&amp;", "&")}`;
  const found = source.match(/https?:\/\/[^\s"'<>]+/g) ?? [];
  const links = new Set(found.map((link) => link.replace(/[.,)\]]+$/, "")));
  return [...links].filter((link) => URL.canParse(link)).map((link) => new URL(link));
}

/** The link that validates an address: the one that carries a token. */
export function validationLink(message: Message): URL | undefined {
  return linksIn(message).find((link) => link.searchParams.has("token"));
}

/** The token a person would type in: from the link, else the last long run of digits or letters after a colon or space. */
export function tokenIn(message: Message): string | undefined {
  const fromLink = validationLink(message)?.searchParams.get("token");
  return fromLink ?? /\b(\d{4,10})\b/.exec(message.text)?.[1];
}
