import type { components } from "@matrix-openapi/definitions/client-server";
import { MatrixError, ok } from "@matrix-openapi/server";
import { asJson } from "../../../json.ts";
import type { JsonObject } from "../../../json.ts";
import { withTransaction } from "../../../storage/database.ts";
import type { Handler, Home } from "../../home.ts";
import { askForUser } from "../../application-services/ask-services.ts";
import { isAliasOfOthers } from "../../application-services/services.ts";
import { claimAlias, ownAlias } from "../directory/aliases.ts";
import { additionalCreators } from "../authorisation/power.ts";
import { requestedRoomVersion } from "../format/room-version.ts";
import type { RoomVersion } from "../format/room-version.ts";
import { inviteByAddress } from "../membership/address-invite.ts";
import { ownerOf } from "../membership/identity-invitations.ts";
import { setMembership } from "../membership/set-membership.ts";
import { whyNotInvitable } from "../../user-data/invite-permission.ts";
import { sendEvent } from "../send-event.ts";
import { startRoom } from "../start-room.ts";
import type { NewRoom } from "../start-room.ts";
import { initialPowerLevels } from "./initial-power-levels.ts";
import { presetState } from "./presets.ts";

type Request = components["schemas"]["CreateRoomRequest"];

/**
 * Makes a room by events in the described order, each allowed by those before it: all of them or none. Only invitations
 * to addresses come after, because an identity server has a say in them.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3createroom
 */
export function createRoom(home: Home): Handler<"createRoom"> {
  return async ({ user, body: request }) => {
    const { visibility, room_version, invite = [], invite_3pid = [], is_direct } = request;
    const creator = user.id;
    const version = requestedRoomVersion(room_version);
    for (const target of invite) await askForUser(home, target);
    const addressed = [];
    for (const address of invite_3pid) addressed.push({ address, owner: await ownerOf(home, address) });
    const bound = addressed.flatMap(({ owner = [] }) => owner);
    const unbound = addressed.filter(({ owner }) => owner === undefined);
    const invited = await thoseInvitable(home, new Set([...invite, ...bound]), unbound.length > 0);
    const roomId = await withTransaction(home.db, async () => {
      const content = creationContent(request, version);
      const room = await startRoom(home, { version, creator, content, isPublic: visibility === "public" });
      await asInitialState(() => setInitialState(home, room, request));
      const direct = is_direct === true ? { is_direct } : {};
      const invitation = { roomId: room.roomId, sender: creator, membership: "invite", content: direct } as const;
      for (const target of invited) await setMembership(home, { ...invitation, target });
      return room.roomId;
    });
    for (const { address } of unbound) await inviteByAddress(home, roomId, creator, address);
    return ok({ room_id: roomId });
  };
}

/**
 * Who cannot be invited keeps nobody else out of the room. Where nobody is left, there is none.
 * https://spec.matrix.org/v1.19/client-server-api/#invite-permission
 */
async function thoseInvitable(home: Home, userIds: ReadonlySet<string>, hasOthers: boolean): Promise<string[]> {
  const invitable: string[] = [];
  const refusals: MatrixError[] = [];
  for (const userId of userIds) {
    const refusal = await whyNotInvitable(home, userId);
    if (refusal === undefined) invitable.push(userId);
    else refusals.push(refusal);
  }
  const [first] = refusals;
  if (first !== undefined && invitable.length === 0 && !hasOthers) throw first;
  return invitable;
}

/** In a room of version 12, those trusted become creators. */
function creationContent({ creation_content, preset, invite = [] }: Request, version: RoomVersion): JsonObject {
  const content = asJson(creation_content ?? {});
  if (!version.creatorsAboveAll || preset !== "trusted_private_chat" || invite.length === 0) return content;
  return { ...content, additional_creators: [...new Set([...additionalCreators(content), ...invite])] };
}

async function setInitialState(home: Home, room: NewRoom, request: Request): Promise<void> {
  const { roomId, version, creator } = room;
  const { room_alias_name: localpart, name, topic, initial_state: more = [] } = request;
  const alias = localpart === undefined ? undefined : await claimOwnAlias(home, localpart, room);
  const events: { readonly type: string; readonly state_key?: string; readonly content: object }[] = [
    { type: "m.room.power_levels", content: initialPowerLevels(creator, request, version) },
    ...(alias === undefined ? [] : [{ type: "m.room.canonical_alias", content: { alias } }]),
    ...presetState(request),
    ...more,
    ...(name === undefined ? [] : [{ type: "m.room.name", content: { name } }]),
    ...(topic === undefined ? [] : [{ type: "m.room.topic", content: topicContent(topic) }]),
  ];
  for (const { type, state_key: stateKey = "", content } of events) {
    await sendEvent(home, { roomId, sender: creator, type, stateKey, content: asJson(content) });
  }
}

async function claimOwnAlias(home: Home, localpart: string, { roomId, creator }: NewRoom): Promise<string> {
  const alias = ownAlias(home, localpart);
  if (isAliasOfOthers(home, alias, { id: creator })) {
    throw new MatrixError(400, "M_EXCLUSIVE", `The alias ${alias} is for others to create: choose another.`);
  }
  if (await claimAlias(home, { alias, roomId, creator })) return alias;
  throw new MatrixError(400, "M_ROOM_IN_USE", `The alias ${alias} belongs to another room: choose another.`);
}

/** As plain text, and in the form that can have others: https://spec.matrix.org/v1.19/client-server-api/#mroomtopic */
function topicContent(topic: string): JsonObject {
  return { topic, "m.topic": { "m.text": [{ mimetype: "text/plain", body: topic }] } };
}

/** What the rules forbid is what the request contradicts itself in. */
async function asInitialState(set: () => Promise<void>): Promise<void> {
  try {
    await set();
  } catch (error) {
    if (!(error instanceof MatrixError) || error.errcode !== "M_FORBIDDEN") throw error;
    throw new MatrixError(400, "M_INVALID_ROOM_STATE", `The room's first state contradicts itself. ${error.message}`);
  }
}
