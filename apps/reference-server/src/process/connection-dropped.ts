/** Thrown where a server is to end the connection without any answer. */
export class ConnectionDropped extends Error {
  override readonly name = "ConnectionDropped";

  constructor() {
    super("the connection is dropped, as a fault of the configuration wants it");
  }
}
