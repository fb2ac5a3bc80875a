import { error, ok } from "@matrix-openapi/server";
import { createToken, hashToken } from "../../crypto/tokens.ts";
import type { Identity, SomeHandlers } from "../identity.ts";
import { openIdSubject } from "./openid-subject.ts";

/** https://spec.matrix.org/v1.19/identity-service-api/#authentication */
export function accountHandlers(identity: Identity) {
  const { db, clock, random } = identity;
  return {
    async registerAccount({ body }) {
      const subject = await openIdSubject(identity, body.matrix_server_name, body.access_token);
      if (!subject.ok) return error(401, "M_UNAUTHORIZED", subject.problem);
      const token = createToken(random, "identity");
      const row = { token_hash: hashToken(token), user_id: subject.userId, created_at: clock.now() };
      await db.insertInto("is_tokens").values(row).execute();
      return ok({ token });
    },
    getAccount: ({ user }) => ok({ user_id: user.id }),
    async logout({ user }) {
      await db.deleteFrom("is_tokens").where("token_hash", "=", user.tokenHash).execute();
      return ok({});
    },
  } satisfies SomeHandlers;
}
