import { checkCircles } from "./check-circles.ts";
import { checkNames } from "./check-names.ts";
import { checkOpenApi } from "./check-openapi.ts";
import { checkSchemas } from "./check-schemas.ts";
import { checkShapes } from "./check-shapes.ts";
import { checkVersions } from "./check-versions.ts";
import type { OpenApiDocument } from "./document.ts";
import { checkOperationIds } from "./operation-ids.ts";

/** Refuses what later steps would stumble over, or take without a word; each check relies on the ones before it. */
export async function checkDescription(document: OpenApiDocument, root: string): Promise<void> {
  await checkOpenApi(document, root);
  await checkSchemas(document, root);
  await checkShapes(document, root);
  await checkCircles(document, root);
  await checkOperationIds(document, root);
  await checkVersions(document, root);
  await checkNames(document, root);
}
