import type { OpenApiDocument } from "./document.ts";
import { refuseAll } from "./place-problems.ts";

/** Whether this is OpenAPI 3.1 at all; in anything else the other checks would find a hundred faults that are none. */
export async function checkOpenApi(document: OpenApiDocument, root: string): Promise<void> {
  const key = "swagger" in document ? "swagger" : "openapi";
  const written = document[key];
  if (key === "openapi" && typeof written === "string" && /^3\.1\.\d+$/.test(written)) return;
  const found = written === undefined ? '"openapi" is missing' : `this is ${key}: ${JSON.stringify(written)}`;
  await refuseAll(
    [
      {
        pointer: `#/${key}`,
        found: `${found}, and has to be openapi: 3.1.1 (or another 3.1).`,
        hint: "Describe it in OpenAPI 3.1; there are converters from other versions.",
      },
    ],
    root,
  );
}
