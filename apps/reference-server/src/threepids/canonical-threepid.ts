import { canonicalEmail } from "./canonical-email.ts";
import type { Medium } from "../validation-sessions/validation-sessions.ts";

/** An address as it is stored, from what a client or another server calls it; null for what is none. */
export function canonicalThreepid(medium: unknown, address: string): { medium: Medium; address: string } | null {
  if (medium === "email") {
    const canonical = canonicalEmail(address);
    return canonical === null ? null : { medium, address: canonical };
  }
  if (medium !== "msisdn") return null;
  const digits = address.replace(/^\+/, "");
  return /^[0-9]{3,15}$/.test(digits) ? { medium, address: digits } : null;
}
