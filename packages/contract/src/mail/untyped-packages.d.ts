// The parts of two packages without types of their own that the SMTP sink uses.

declare module "smtp-server" {
  import type { EventEmitter } from "node:events";
  import type { Server } from "node:net";
  import type { Readable } from "node:stream";

  interface Session {
    readonly envelope: { readonly rcptTo: readonly { readonly address: string }[] };
  }

  interface Options {
    readonly authOptional?: boolean;
    readonly disabledCommands?: readonly string[];
    readonly onAuth?: (
      auth: unknown,
      session: Session,
      callback: (error: Error | null, answer?: { readonly user: string }) => void,
    ) => void;
    readonly onData?: (stream: Readable, session: Session, callback: (error?: Error | null) => void) => void;
  }

  export class SMTPServer extends EventEmitter {
    constructor(options: Options);
    readonly server: Server;
    listen(port: number, host: string, callback: () => void): Server;
    close(callback: () => void): void;
  }
}

declare module "mailparser" {
  import type { Readable } from "node:stream";

  export function simpleParser(source: Readable): Promise<{
    readonly subject?: string;
    readonly text?: string;
    readonly html: string | false;
  }>;
}
