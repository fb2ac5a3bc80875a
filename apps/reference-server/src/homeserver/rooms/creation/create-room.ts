import type { components } from "@matrix-openapi/definitions/client-server";
import { MatrixError } from "@matrix-openapi/server";
import { asJson } from "../../../json.ts";
import type { JsonObject } from "../../../json.ts";
import { withTransaction } from "../../../storage/database.ts";
import type { Home } from "../../home.ts";
import { askForUser } from "../../application-services/ask-services.ts";
import { isAliasOfOthers } from "../../application-services/services.ts";
import { claimAlias, ownAlias } from "../directory/aliases.ts";
import { additionalCreators } from "../authorisation/power.ts";
import { requestedRoomVersion } from "../format/room-version.ts";
import type { RoomVersion } from "../format/room-version.ts";
import { inviteByAddress, prepareInvites } from "../membership/address-invite.ts";
import { inviteUser } from "../membership/invite-user.ts";
import { profileIn } from "../membership/member-content.ts";
import { whyNotInvitable } from "../../user-data/invite-permission.ts";
import { sendEvent } from "../send-event.ts";
import { startRoom } from "../start-room.ts";
import { initialPowerLevels } from "./initial-power-levels.ts";
import { presetOf, presetState } from "./presets.ts";

type Request = components["schemas"]["CreateRoomRequest"];

interface StateToSet {
  readonly type: string;
  readonly stateKey?: string;
  readonly content: JsonObject;
}

/**
 * Makes a room by events in the described order, each allowed by those before it: all of them or none. Only invitations
 * to addresses come after, because an identity server has a say in them.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3createroom
 */
export async function createRoom(home: Home, creator: string, request: Request): Promise<string> {
  const version = requestedRoomVersion(request.room_version);
  for (const target of request.invite ?? []) await askForUser(home, target);
  const { bound, unbound } = await prepareInvites(home, request.invite_3pid ?? []);
  const invited = await thoseInvitable(home, new Set([...(request.invite ?? []), ...bound]));
  const roomId = await withTransaction(home.db, async () => {
    const { roomId: created } = await startRoom(home, {
      version,
      creator,
      content: creationContent(request, version),
      isPublic: request.visibility === "public",
    });
    await asInitialState(() => setInitialState(home, { roomId: created, creator, request, version }));
    const direct = request.is_direct === true ? { is_direct: true } : {};
    for (const target of invited) {
      await inviteUser(home, { roomId: created, sender: creator, target, content: direct });
    }
    return created;
  });
  for (const invite of unbound) await inviteByAddress(home, { roomId, sender: creator, invite });
  return roomId;
}

/**
 * Who cannot be invited keeps nobody else out of the room. Where nobody is left, there is none.
 * https://spec.matrix.org/v1.19/client-server-api/#invite-permission
 */
async function thoseInvitable(home: Home, userIds: ReadonlySet<string>): Promise<string[]> {
  const invitable: string[] = [];
  const refusals: MatrixError[] = [];
  for (const userId of userIds) {
    const refusal = await whyNotInvitable(home, userId);
    if (refusal === undefined) invitable.push(userId);
    else refusals.push(refusal);
  }
  if (refusals[0] !== undefined && invitable.length === 0) throw refusals[0];
  return invitable;
}

/** In a room of version 12, those trusted become creators. */
function creationContent({ creation_content, preset, invite = [] }: Request, version: RoomVersion): JsonObject {
  const content = asJson(creation_content ?? {});
  if (!version.creatorsAboveAll || preset !== "trusted_private_chat" || invite.length === 0) return content;
  return { ...content, additional_creators: [...new Set([...additionalCreators(content), ...invite])] };
}

interface NewRoom {
  readonly roomId: string;
  readonly creator: string;
  readonly request: Request;
  readonly version: RoomVersion;
}

async function setInitialState(home: Home, room: NewRoom): Promise<void> {
  const { roomId, creator, request, version } = room;
  const alias = request.room_alias_name === undefined ? undefined : ownAlias(home, request.room_alias_name);
  if (alias !== undefined && isAliasOfOthers(home, alias, { id: creator })) {
    throw new MatrixError(400, "M_EXCLUSIVE", `The alias ${alias} is for others to create: choose another.`);
  }
  if (alias !== undefined && !(await claimAlias(home, { alias, roomId, creator }))) {
    throw new MatrixError(400, "M_ROOM_IN_USE", `The alias ${alias} belongs to another room: choose another.`);
  }
  const events: StateToSet[] = [
    {
      type: "m.room.member",
      stateKey: creator,
      content: { ...(await profileIn(home.db, creator)), membership: "join" },
    },
    { type: "m.room.power_levels", content: initialPowerLevels(creator, request, version) },
    ...(alias === undefined ? [] : [{ type: "m.room.canonical_alias", content: { alias } }]),
    ...presetState(presetOf(request)),
    ...(request.initial_state ?? []).map(({ type, state_key: stateKey = "", content }) => ({
      type,
      stateKey,
      content: asJson(content),
    })),
    ...(request.name === undefined ? [] : [{ type: "m.room.name", content: { name: request.name } }]),
    ...(request.topic === undefined ? [] : [{ type: "m.room.topic", content: topicContent(request.topic) }]),
  ];
  for (const { type, stateKey = "", content } of events) {
    await sendEvent(home, { roomId, sender: creator, type, stateKey, content });
  }
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
