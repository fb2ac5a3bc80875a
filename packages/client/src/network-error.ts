/** The request got no answer: the server could not be reached, or the connection broke before the status line. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
  /** The method and path template, such as `GET /_matrix/client/versions`. */
  readonly operation: string;

  constructor(operation: string, origin: string, cause: unknown) {
    super(
      `${operation}: no answer from ${origin} (${reasons(cause)}). Check that the server runs and baseUrl is right.`,
      {
        cause,
      },
    );
    this.operation = operation;
  }
}

// fetch says no more than "fetch failed"; what happened is in the cause of the cause.
function reasons(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause === undefined ? cause.message : `${cause.message}: ${reasons(cause.cause)}`;
}
