import { ok } from "@matrix-openapi/server";
import { randomIdentifier } from "../../../crypto/random.ts";
import { withTransaction } from "../../../storage/database.ts";
import { appendToStream } from "../../../storage/stream.ts";
import type { Handler, HandlerContext, Home } from "../../home.ts";
import { devicesOf } from "../local-users.ts";
import { refuseLoggedOut } from "../refuse-logged-out.ts";

type Request = Pick<HandlerContext<"sendToDevice">, "user" | "params">;

/**
 * Keeps a message for each named device until it has got it; those that are not here get none. Once for each
 * transaction ID. https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3sendtodeviceeventtypetxnid
 */
export function sendToDevice(home: Home): Handler<"sendToDevice"> {
  const { db } = home;
  return async ({ user, params, body }) => {
    await withTransaction(db, async () => {
      await refuseLoggedOut(db, user);
      if (!(await isNewTransaction(home, { user, params }))) return;
      const known = await devicesOf(db, Object.keys(body.messages));
      for (const [userId, contents] of Object.entries(body.messages)) {
        const devices = known.get(userId) ?? new Set<string>();
        for (const [deviceId, content] of Object.entries(contents)) {
          const receivers = deviceId === "*" ? devices : devices.has(deviceId) ? [deviceId] : [];
          for (const receiver of receivers) {
            await keepMessage(home, {
              userId,
              deviceId: receiver,
              sender: user.id,
              type: params.path.eventType,
              content,
            });
          }
        }
      }
    });
    return ok({});
  };
}

async function isNewTransaction({ db, clock }: Home, { user, params }: Request): Promise<boolean> {
  const inserted = await db
    .insertInto("hs_to_device_transactions")
    .values({
      user_id: user.id,
      device_id: user.deviceId,
      event_type: params.path.eventType,
      txn_id: params.path.txnId,
      sent_at: clock.now(),
      session_device: user.deviceId === "" ? null : user.deviceId,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("txn_id")
    .executeTakeFirst();
  return inserted !== undefined;
}

interface Message {
  readonly userId: string;
  readonly deviceId: string;
  readonly sender: string;
  readonly type: string;
  readonly content: object;
}

async function keepMessage({ db, random }: Home, { userId, deviceId, sender, type, content }: Message): Promise<void> {
  const id = randomIdentifier(random, 20);
  await db
    .insertInto("hs_to_device")
    .values({
      message_id: id,
      user_id: userId,
      device_id: deviceId,
      sender,
      type,
      content: JSON.stringify(content),
    })
    .execute();
  appendToStream(db, { kind: "to_device", userId, deviceId, reference: id });
}
