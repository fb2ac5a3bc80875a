export interface MailMessage {
  /** One bare address; what looks like a list or a name is refused. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export type SendOutcome =
  | { readonly ok: true }
  /** `rejected`: not this address, ever. `unavailable`: try again later. */
  | { readonly ok: false; readonly reason: "rejected" | "unavailable"; readonly detail: string };

export interface Mailer {
  send(message: MailMessage): Promise<SendOutcome>;
  close(): Promise<void>;
}
