import type { OperationId } from "@matrix-openapi/definitions/client-server/operations";
import type { Validate } from "@matrix-openapi/definitions";

/**
 * Whether something from outside is what an operation's description says it answers with. The validators are loaded by
 * those only who use them. https://spec.matrix.org/v1.19/client-server-api/#api-standards
 */
export async function isAnswerOf(operationId: OperationId, value: unknown): Promise<boolean> {
  const { responseValidators } = await import("@matrix-openapi/definitions/client-server/response-validators");
  const ofOperation: { readonly [status: string]: Validate } = responseValidators[operationId];
  return ofOperation["200"]?.(value) === true;
}
