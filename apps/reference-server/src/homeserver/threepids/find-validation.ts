import type { components } from "@matrix-openapi/definitions/client-server";
import type { JsonObject } from "../../crypto/canonical-json.ts";
import type { Platform } from "../../platform.ts";
import { canonicalThreepid } from "./canonical-threepid.ts";
import { callIdentityServer, mayVouch } from "./identity-server.ts";
import type { ValidatedThreepid } from "./validated-threepid.ts";
import { validationSessions } from "./validation.ts";
import type { ValidationPurpose } from "./validation.ts";

export type ThreepidCredentials = components["schemas"]["ThreepidCredentials"];

export type FoundValidation =
  | { readonly ok: true; readonly threepid: ValidatedThreepid }
  | {
      readonly ok: false;
      readonly reason: "unknown-session" | "not-validated" | "expired" | "not-trusted" | "unreachable";
    };

/** What a client's credentials have validated, here or at the identity server that requestToken was passed on to. */
export async function findValidation(
  platform: Platform,
  credentials: ThreepidCredentials,
  purpose: ValidationPurpose,
): Promise<FoundValidation> {
  if (credentials.id_server !== undefined) return askIdentityServer(platform, credentials, credentials.id_server);
  const { sid, client_secret: clientSecret } = credentials;
  const found = await validationSessions(platform).find({ sid, clientSecret }, [purpose]);
  if (!found.ok) return found;
  const { medium, address, validatedAt } = found.session;
  return { ok: true, threepid: { medium, address, validatedAt, sid } };
}

/** https://spec.matrix.org/v1.19/identity-service-api/#get_matrixidentityv23pidgetvalidated3pid */
async function askIdentityServer(
  platform: Platform,
  { sid, client_secret, id_access_token }: ThreepidCredentials,
  idServer: string,
): Promise<FoundValidation> {
  if (!mayVouch(platform, idServer)) return { ok: false, reason: "not-trusted" };
  const answer = await callIdentityServer(platform, {
    idServer,
    method: "GET",
    path: "/3pid/getValidated3pid",
    query: { sid, client_secret },
    accessToken: id_access_token ?? "",
  });
  if (answer.ok) {
    const threepid = readThreepid(answer.body);
    return threepid === null ? { ok: false, reason: "unreachable" } : { ok: true, threepid };
  }
  if (answer.errcode === "M_SESSION_NOT_VALIDATED") return { ok: false, reason: "not-validated" };
  if (answer.errcode === "M_SESSION_EXPIRED") return { ok: false, reason: "expired" };
  return { ok: false, reason: answer.errcode === null ? "unreachable" : "unknown-session" };
}

/** Null where the server says something else than the specification has it say. */
function readThreepid({ medium, address, validated_at: validatedAt }: JsonObject): ValidatedThreepid | null {
  if (typeof address !== "string" || typeof validatedAt !== "number") return null;
  const canonical = canonicalThreepid(medium, address);
  return canonical && { ...canonical, validatedAt, sid: null };
}
