import type { IncomingRequest } from "./api.ts";
import { MatrixError, tooLarge } from "./matrix-error.ts";

/**
 * The body of a request, read as far as the handler reads it; an absent one is empty. The stream fails with the answer
 * for a body that has more than `limit` bytes, or ends with its connection, so that a handler need not look for either.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixmediav3upload
 */
export function streamBody(incoming: IncomingRequest, limit: number): ReadableStream<Uint8Array> {
  if (Number(incoming.header("content-length")) > limit) throw tooLarge(limit);
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  let length = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        reader ??= (incoming.streamBody() ?? new Blob().stream()).getReader();
        const { done, value } = await reader.read().catch(() => {
          throw new MatrixError(400, "M_UNKNOWN", "The connection ended before the body did.");
        });
        if (done) return controller.close();
        length += value.length;
        if (length > limit) throw tooLarge(limit);
        controller.enqueue(value);
      },
      // A handler that has read enough must not close the connection that its answer goes to: no `cancel`.
    },
    { highWaterMark: 0 }, // nothing is read before it is asked for
  );
}
