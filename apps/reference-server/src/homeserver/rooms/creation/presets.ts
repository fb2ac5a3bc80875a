import type { components } from "@matrix-openapi/definitions/client-server";

/** Where no preset is asked for, it follows from whether the room is listed. https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3createroom */
export function presetState({ preset, visibility }: components["schemas"]["CreateRoomRequest"]) {
  const isPublic = preset === undefined ? visibility === "public" : preset === "public_chat";
  return [
    { type: "m.room.join_rules", content: { join_rule: isPublic ? "public" : "invite" } },
    { type: "m.room.history_visibility", content: { history_visibility: "shared" } },
    { type: "m.room.guest_access", content: { guest_access: isPublic ? "forbidden" : "can_join" } },
  ];
}
