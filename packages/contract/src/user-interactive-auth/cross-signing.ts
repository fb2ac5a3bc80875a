// Rules about uploading cross-signing keys: the operation whose first use is exempt.

import { generateKeyPairSync } from "node:crypto";
import type { Account } from "../accounts.ts";
import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { member } from "../json.ts";
import { oncePerRun } from "../once-per-run.ts";
import { Blocked, fail, NotOffered, pass, skip } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { speaks } from "../versions.ts";
import type { Challenge } from "./challenge.ts";
import { offeredStages, readChallenge } from "./challenge.ts";
import { openChallenges } from "./openings.ts";
import type { Send } from "./solver.ts";

export const firstCrossSigningKeysAreExempt: Rule = {
  id: "uia-3b",
  title: "Cross-signing keys are uploaded without authentication once, and replaced only with it",
  level: "must",
  specUrl: clientServerSpec("post_matrixclientv3keysdevice_signingupload"),
  reason:
    "A new account gets its keys in the background; replacing them would take over the account's trust (since v1.11).",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    if (!speaks(context.versions, 11)) return skip("the server does not speak v1.11, which brought the exemption");
    const keys = await uploadedKeys(context);
    if (keys.alice.registration === null) return skip("the account was given to this run and may have keys already");
    if (keys.first.status !== 200) return fail(keys.first, "the first upload: 200 without authentication");
    if (keys.again.status !== 200) return fail(keys.again, "the same keys once more: 200 without authentication");
    if (readChallenge(keys.others) === null) return fail(keys.others, "other keys: a 401 with `flows`");
    return pass();
  },
};

export const oauthIsForCrossSigning: Rule = {
  id: "uia-37",
  title: "m.oauth is offered for cross-signing keys only, with a web page to approve it on",
  level: "derived",
  specUrl: clientServerSpec("oauth-authentication"),
  reason: "It lets accounts without a password reset their keys (since v1.17), and `url` is where that is approved.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    for (const { operation, answer, challenge } of await openChallenges(context)) {
      if (offeredStages(challenge).has("m.oauth"))
        return fail(answer, `${operation.operationId}: flows without m.oauth`);
    }
    const { answer, challenge, send } = await crossSigningChallenge(context);
    if (!offeredStages(challenge).has("m.oauth")) return pass("m.oauth is not offered here");
    const url = member(member(challenge.params, "m.oauth"), "url");
    if (typeof url !== "string" || !/^https?:\/\//.test(url)) return fail(answer, 'an http(s) `params["m.oauth"].url`');
    const early = await send({ session: challenge.session });
    if (early.status !== 401) return fail(early, "a 401 while nobody has approved it on the page");
    return pass();
  },
};

interface UploadedKeys {
  readonly alice: Account;
  readonly first: Exchange;
  readonly again: Exchange;
  /** The answer to keys that differ from those that are there. */
  readonly others: Exchange;
  readonly send: Send;
}

async function crossSigningChallenge(
  context: Context,
): Promise<{ readonly answer: Exchange; readonly challenge: Challenge; readonly send: Send }> {
  const { others, send } = await uploadedKeys(context);
  const challenge = readChallenge(others);
  if (challenge === null) throw new Blocked(others, "replacing cross-signing keys had to ask for authentication");
  return { answer: others, challenge, send };
}

const uploadedKeys = oncePerRun(async (context): Promise<UploadedKeys> => {
  const alice = await context.accounts.alice();
  const sender =
    (keys: object): Send =>
    (auth) =>
      context.homeserver.post(
        "/_matrix/client/v3/keys/device_signing/upload",
        { ...keys, ...(auth && { auth }) },
        { token: alice.accessToken },
      );
  const keys = masterKey(alice.userId);
  const send = sender(masterKey(alice.userId));
  const first = await sender(keys)();
  if (first.status === 404 || first.status === 405) throw new NotOffered("the server has no cross-signing keys");
  return { alice, first, again: await sender(keys)(), others: await send(), send };
});

/** A master key alone: it is signed by nobody, so nothing has to be signed here. */
function masterKey(userId: string): object {
  const { publicKey } = generateKeyPairSync("ed25519");
  const key = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("base64").replace(/=+$/, "");
  return { master_key: { user_id: userId, usage: ["master"], keys: { [`ed25519:${key}`]: key } } };
}
