import { html } from "../html.ts";
import type { Html } from "../html.ts";
import type { MailMessage } from "./mailer.ts";
import { shownId, shownName } from "./strangers-words.ts";

interface ValidationMail {
  readonly to: string;
  /** Who asks: the server's name. */
  readonly serverName: string;
  /** What the address is confirmed for, to follow "to": "reset your password". */
  readonly purpose: string;
  readonly link: string;
  /** For a client that takes it in place of the link; absent where none does. */
  readonly code?: string;
  readonly lifetimeMs: number;
}

/** Whoever opens the link shows that the mail arrived: https://spec.matrix.org/v1.19/identity-service-api/#email-associations */
export function validationMail({ to, serverName, purpose, link, code, lifetimeMs }: ValidationMail): MailMessage {
  const hours = Math.max(1, Math.round(lifetimeMs / 3_600_000));
  return compose(to, `Confirm your email address for ${serverName}`, [
    `Somebody entered this address on ${serverName} to ${purpose}.`,
    "If it was you, open this link to confirm it:",
    { link },
    ...(code === undefined ? [] : [`If you are asked for a code instead, this is it: ${code}`]),
    `The link works for ${hours} ${hours === 1 ? "hour" : "hours"}. If it was not you, ignore this message: nothing happens then.`,
  ]);
}

interface InviteMail {
  readonly to: string;
  readonly senderUserId: string;
  readonly senderName?: string;
  readonly roomName?: string;
  readonly roomAlias?: string;
  readonly roomId: string;
  /** Whether it is a space rather than a room. */
  readonly isSpace?: boolean;
  readonly link: string;
}

/**
 * Names inviter and room, as far as these names are no messages of their own.
 * https://spec.matrix.org/v1.19/identity-service-api/#invitation-storage
 */
export function inviteMail(invite: InviteMail): MailMessage {
  const { to, isSpace, link } = invite;
  const [senderName, senderId] = [shownName(invite.senderName), shownId(invite.senderUserId)];
  const [roomName, roomId] = [shownName(invite.roomName) ?? shownId(invite.roomAlias), shownId(invite.roomId)];
  const kind = isSpace === true ? "space" : "room";
  const room = roomName === undefined ? (roomId ?? "") : `“${roomName}”${inBrackets(roomId)}`;
  const sender = senderName === undefined ? (senderId ?? "Somebody") : `${senderName}${inBrackets(senderId)}`;
  return compose(to, `${senderName ?? senderId ?? "Somebody"} invited you to ${roomName ?? `a ${kind}`} on Matrix`, [
    `${sender} invited you to ${room === "" ? `a ${kind}` : `the ${kind} ${room}`} on Matrix.`,
    "To accept, open this link and confirm this email address with a Matrix account:",
    { link },
  ]);
}

function inBrackets(id: string | undefined): string {
  return id === undefined ? "" : ` (${id})`;
}

interface UnreadMail {
  readonly to: string;
  readonly serverName: string;
  readonly userId: string;
  readonly unread: number;
}

/** Says how much there is to read and nothing of what it says, because mails are read by others too. */
export function unreadMail({ to, serverName, userId, unread }: UnreadMail): MailMessage {
  const notifications = unread === 1 ? "an unread notification" : `${unread} unread notifications`;
  return compose(to, `You have ${notifications} on ${serverName}`, [
    `${userId} has ${notifications} on ${serverName}.`,
    "Open your Matrix client to read them, or switch these mails off in its settings.",
  ]);
}

type Paragraph = string | { readonly link: string };

function compose(to: string, subject: string, paragraphs: readonly Paragraph[]): MailMessage {
  const plain = paragraphs.map((part) => (typeof part === "string" ? oneLine(part) : part.link));
  const rich = paragraphs.map((part): Html =>
    typeof part === "string" ? html`<p>${oneLine(part)}</p> ` : html`<p><a href="${part.link}">${part.link}</a></p> `,
  );
  return { to, subject: oneLine(subject), text: `${plain.join("\n\n")}\n`, html: html`${rich}`.text };
}

/** Names come from strangers: no line of theirs becomes a header or a paragraph of ours. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}
