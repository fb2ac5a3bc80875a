import type { components } from "@matrix-openapi/definitions/client-server";
import type { Configuration } from "../../configuration/configuration.ts";

/** Undefined where nobody and no page is configured: https://spec.matrix.org/v1.19/client-server-api/#getwell-knownmatrixsupport */
export function supportOf({
  contacts,
  supportPage,
}: Configuration["support"]): components["schemas"]["SupportInformation"] | undefined {
  if (contacts.length === 0 && supportPage === null) return undefined;
  return {
    ...(contacts.length > 0 && {
      contacts: contacts.map(({ role, matrixId, emailAddress }) => ({
        role,
        ...(matrixId !== undefined && { matrix_id: matrixId }),
        ...(emailAddress !== undefined && { email_address: emailAddress }),
      })),
    }),
    ...(supportPage !== null && { support_page: supportPage }),
  };
}
