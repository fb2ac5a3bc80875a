import type { MailMessage } from "../../mail/mailer.ts";
import { inviteMail } from "../../mail/messages.ts";
import type { ServerUrls } from "../../outbound/server-urls.ts";
import type { HandlerContext } from "../identity.ts";

interface InviteSecrets {
  readonly token: string;
  readonly privateKey: string;
  readonly urls: ServerUrls;
}

/** Says who invites where, with all that a client needs to accept. */
export function mailOf(
  body: HandlerContext<"storeInvite">["body"],
  address: string,
  secrets: InviteSecrets,
): MailMessage {
  const { sender, sender_display_name, room_id, room_name, room_alias, room_type } = body;
  return inviteMail({
    to: address,
    senderUserId: sender,
    ...(sender_display_name === undefined ? {} : { senderName: sender_display_name }),
    roomId: room_id,
    ...(room_name === undefined ? {} : { roomName: room_name }),
    ...(room_alias === undefined ? {} : { roomAlias: room_alias }),
    isSpace: room_type === "m.space",
    link: acceptLink(room_alias ?? room_id, address, secrets),
  });
}

/**
 * Any client opens a matrix.to link; what it needs to sign the acceptance stands behind the `#`, where no web server
 * gets to see it. https://spec.matrix.org/v1.19/appendices/#matrixto-navigation
 */
function acceptLink(room: string, address: string, { token, privateKey, urls }: InviteSecrets): string {
  const signUrl = new URL(`${urls.identity}/_matrix/identity/v2/sign-ed25519`);
  signUrl.searchParams.set("token", token);
  signUrl.searchParams.set("private_key", privateKey);
  const query = new URLSearchParams({ email: address, signurl: signUrl.href });
  return `https://matrix.to/#/${encodeURIComponent(room)}?${query}`;
}
