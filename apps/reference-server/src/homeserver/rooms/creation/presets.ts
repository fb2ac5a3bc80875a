import type { components } from "@matrix-openapi/definitions/client-server";
import type { JsonObject } from "../../../json.ts";

type Request = components["schemas"]["CreateRoomRequest"];
type Preset = NonNullable<Request["preset"]>;

/** Where none is asked for, it follows from whether the room is listed. */
export function presetOf({ preset, visibility }: Request): Preset {
  return preset ?? (visibility === "public" ? "public_chat" : "private_chat");
}

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3createroom */
export function presetState(preset: Preset): { readonly type: string; readonly content: JsonObject }[] {
  const isPublic = preset === "public_chat";
  return [
    { type: "m.room.join_rules", content: { join_rule: isPublic ? "public" : "invite" } },
    { type: "m.room.history_visibility", content: { history_visibility: "shared" } },
    { type: "m.room.guest_access", content: { guest_access: isPublic ? "forbidden" : "can_join" } },
  ];
}
