import { writtenPlace } from "./bundles/written-place.ts";
import type { Refusal } from "./bundles/place.ts";
import { GenerationError } from "./generation-error.ts";

/** Tells where each of these was written, and stops there; none is none. */
export async function refuseAll(refusals: readonly Refusal[], root: string): Promise<void> {
  if (refusals.length === 0) return;
  throw new GenerationError(
    await Promise.all(
      refusals.map(async ({ pointer, found, hint }) => ({
        ...(await writtenPlace(pointer, root)),
        message: `${found} (${pointer})`,
        hint,
      })),
    ),
  );
}
