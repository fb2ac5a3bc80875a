/** The part of smtp-server that the catcher uses; the package ships no types. */
declare module "smtp-server" {
  import type { EventEmitter } from "node:events";
  import type { Server } from "node:net";
  import type { Readable } from "node:stream";

  export interface SMTPServerSession {
    readonly envelope: { readonly rcptTo: readonly { readonly address: string }[] };
  }

  export interface SMTPServerDataStream extends Readable {
    readonly sizeExceeded: boolean;
  }

  export interface SMTPServerOptions {
    readonly authOptional?: boolean;
    readonly disabledCommands?: readonly string[];
    readonly disableReverseLookup?: boolean;
    readonly size?: number;
    readonly closeTimeout?: number;
    onData(stream: SMTPServerDataStream, session: SMTPServerSession, callback: (error?: Error) => void): void;
  }

  export class SMTPServer extends EventEmitter {
    constructor(options: SMTPServerOptions);
    readonly server: Server;
    listen(port: number, host: string, callback: () => void): Server;
    close(callback: () => void): void;
  }
}
