import { operations } from "@matrix-openapi/definitions/identity/operations";

/** Where the link in a mail leads. */
export const emailSubmitPath = operations.emailSubmitTokenGet.path;

/** Where people may come by a link, and have to get pages. */
export const linkPaths: ReadonlySet<string> = new Set<string>([emailSubmitPath, operations.msisdnSubmitTokenGet.path]);
