/**
 * A path or query value that cannot be sent so that the server reads the same value back. Found before any request,
 * since `.` and `..` would silently address another endpoint.
 */
export class InvalidParameter extends Error {
  override readonly name = "InvalidParameter";
  /** The method and path template, such as `GET /_matrix/client/v3/devices/{deviceId}`. */
  readonly operation: string;
  readonly in: "path" | "query";
  readonly parameter: string;
  /** What is wrong with the value, in words; never the value itself. */
  readonly found: string;

  constructor(operation: string, place: "path" | "query", parameter: string, found: string) {
    super(
      `${operation}: the ${place} parameter "${parameter}" is ${found}, which cannot be sent. ` +
        `Give it a well-formed string${place === "path" ? ` other than "." and ".."` : ""}.`,
    );
    this.operation = operation;
    this.in = place;
    this.parameter = parameter;
    this.found = found;
  }
}
