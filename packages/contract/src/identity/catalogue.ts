import type { Section } from "../catalogue.ts";

/** The rules of the identity service, in the order in which a run checks them. */
export const identitySections: readonly Section[] = [];
