import { createHash } from "node:crypto";
import type { components } from "@matrix-openapi/definitions/client-server";
import { MatrixError } from "@matrix-openapi/server";
import { asObject, isObject, textsIn } from "../../../json.ts";
import type { JsonObject } from "../../../json.ts";
import type { Home } from "../../home.ts";
import { canonicalThreepid } from "../../../threepids/canonical-threepid.ts";
import { callIdentityServer, isTrustedIdentityServer } from "../../threepids/identity-server.ts";
import { shownProfile } from "../../user-data/profile.ts";
import { currentStateEvents } from "../state.ts";

type ThreepidInvite = components["schemas"]["ThreepidInvite"];

/** The user whose the address is, by the identity server: https://spec.matrix.org/v1.19/identity-service-api/#association-lookup */
export async function ownerOf(home: Home, invite: ThreepidInvite): Promise<string | undefined> {
  const threepid = canonicalThreepid(invite.medium, invite.address);
  if (threepid === null) {
    const message = `${invite.address} is no address of the medium ${invite.medium}: correct it.`;
    throw new MatrixError(400, "M_BAD_JSON", message);
  }
  const { lookup_pepper: pepper } = await ask(home, invite, "/hash_details");
  const hash = createHash("sha256")
    .update(`${threepid.address} ${threepid.medium} ${String(pepper)}`)
    .digest("base64url");
  const body = { algorithm: "sha256", pepper: String(pepper), addresses: [hash] };
  const { mappings } = await ask(home, invite, "/lookup", body);
  const found = asObject(mappings)[hash];
  return typeof found === "string" ? found : undefined;
}

/**
 * Has the identity server send a mail, and keep the invitation. What comes of it is the state key and the content of an
 * `m.room.third_party_invite`. https://spec.matrix.org/v1.19/identity-service-api/#invitation-storage
 */
export async function storeInvite(home: Home, roomId: string, sender: string, invite: ThreepidInvite) {
  const { medium, address } = invite;
  const body = { medium, address, room_id: roomId, sender, ...(await aboutRoom(home, roomId, sender)) };
  const { token, public_keys: keys, display_name } = await ask(home, invite, "/store-invite", body);
  const first = Array.isArray(keys) ? (keys[0] as unknown) : undefined;
  if (typeof token !== "string" || !isObject(first) || typeof display_name !== "string") {
    throw new MatrixError(400, "M_UNKNOWN", `The identity server ${invite.id_server} answered with no invitation.`);
  }
  const { public_key = "", key_validity_url = "" } = first;
  return { token, content: { display_name, public_key, key_validity_url, public_keys: keys ?? [] } };
}

/** For the mail, which is to tell of what. */
async function aboutRoom({ db }: Home, roomId: string, sender: string): Promise<JsonObject> {
  const state = await currentStateEvents(db, roomId, [
    ["m.room.create", ""],
    ["m.room.name", ""],
    ["m.room.canonical_alias", ""],
    ["m.room.avatar", ""],
    ["m.room.join_rules", ""],
  ]);
  const field = (type: string, key: string) => state.find((event) => event.type === type)?.content[key];
  const { displayname } = await shownProfile(db, sender);
  return textsIn({
    room_type: field("m.room.create", "type"),
    room_name: field("m.room.name", "name"),
    room_alias: field("m.room.canonical_alias", "alias"),
    room_avatar_url: field("m.room.avatar", "url"),
    room_join_rules: field("m.room.join_rules", "join_rule"),
    sender_display_name: displayname,
  });
}

async function ask(
  home: Home,
  { id_server: idServer, id_access_token: accessToken }: ThreepidInvite,
  path: string,
  body?: JsonObject,
): Promise<JsonObject> {
  if (!isTrustedIdentityServer(home, idServer)) {
    throw new MatrixError(403, "M_FORBIDDEN", `This server does not trust the identity server ${idServer}.`);
  }
  const answer = await callIdentityServer(home, { idServer, path, accessToken, ...(body !== undefined && { body }) });
  if (answer.ok) return answer.body;
  const message = `The identity server ${idServer} did not take the invitation: ${answer.error}`;
  throw new MatrixError(400, "M_UNKNOWN", message);
}
