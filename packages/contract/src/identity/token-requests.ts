// Rules about asking for a token to be sent to an address.

import type { Context } from "../context.ts";
import { stringMember } from "../json.ts";
import type { Medium } from "../new-address.ts";
import type { Failed } from "../outcome.ts";
import { fail, pass, skip } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { identitySpec } from "../rule.ts";
import { isError } from "./standard-error.ts";
import type { Recipient } from "./validation.ts";
import {
  isPhoneRefused,
  messageOf,
  newRecipient,
  openValidation,
  requestToken,
  sidIn,
  tokenOf,
  usableMedia,
} from "./validation.ts";

const requestTokenSpec = identitySpec("post_matrixidentityv2validateemailrequesttoken");

export const sessionIdIsOpaque: Rule = {
  id: "is-29",
  title: "A `sid` has 1 to 255 of the characters 0-9 a-z A-Z . = _ -",
  level: "must",
  specUrl: requestTokenSpec,
  reason: "Clients and homeservers put it into URLs and databases as it is.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    for (const medium of await usableMedia(context)) {
      const answer = await requestToken(context, await newRecipient(context, medium), {
        client_secret: context.random(24),
      });
      const sid = stringMember(answer.json, "sid");
      if (answer.status !== 200 || sid === undefined || !/^[0-9a-zA-Z.=_-]{1,255}$/.test(sid))
        return fail(answer, `200 with such a \`sid\` for ${medium}`);
    }
    return pass();
  },
};

export const clientSecretIsOpaque: Rule = {
  id: "is-30",
  title: "A `client_secret` of that form is taken, another one is M_INVALID_PARAM",
  level: "must",
  specUrl: requestTokenSpec,
  reason: "A secret that is cut or changed on its way would keep the session from ever being found again.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    for (const medium of await usableMedia(context)) {
      const ask = async (client_secret: string) =>
        requestToken(context, await newRecipient(context, medium), { client_secret });
      const longest = `${context.random(245)}AZ09.=_-az`;
      const taken = await ask(longest);
      if (taken.status !== 200) return fail(taken, "200 for 255 of the allowed characters");
      for (const secret of ["contract secret", "contract/secret", "contract‑secret", "a".repeat(256)]) {
        const answer = await ask(secret);
        if (!isError(answer, 400, "M_INVALID_PARAM"))
          return fail(answer, `400 M_INVALID_PARAM for ${secret.length} characters like "${secret.slice(0, 20)}"`);
      }
    }
    return pass();
  },
};

export const badEmailIsRefused: Rule = {
  id: "is-31a",
  title: "What is no mail address is M_INVALID_EMAIL",
  level: "derived",
  specUrl: requestTokenSpec,
  reason: "The person who typed it has to be told which field to correct.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const failure = await refuses(context, "email", { email: "not an address" }, "M_INVALID_EMAIL");
    return failure ?? pass();
  },
};

export const badPhoneNumberIsRefused: Rule = {
  id: "is-31b",
  title: "What is no phone number is M_INVALID_ADDRESS",
  level: "derived",
  specUrl: identitySpec("post_matrixidentityv2validatemsisdnrequesttoken"),
  reason: "The person who typed it has to be told which field to correct.",
  needs: ["homeserver", "identity", "sms"],
  testable: true,
  async check(context) {
    if (!(await usableMedia(context)).includes("msisdn")) return skip("the server sends no text messages");
    const fields = { country: "GB", phone_number: "12" };
    return (await refuses(context, "msisdn", fields, "M_INVALID_ADDRESS")) ?? pass();
  },
};

export const sendingMayFail: Rule = {
  id: "is-31c",
  title: "A message that cannot be sent is M_EMAIL_SEND_ERROR, M_SEND_ERROR or M_DESTINATION_REJECTED",
  level: "derived",
  specUrl: requestTokenSpec,
  reason: "The client can then say that the address is right and that trying later may help.",
  needs: ["identity"],
  testable: { no: "nobody can make the server's own mail or SMS provider fail from outside" },
};

export const repeatedAttemptSendsNothing: Rule = {
  id: "is-32",
  title: "The same or a lower `send_attempt` succeeds and sends nothing; a higher one sends again",
  level: "derived",
  specUrl: requestTokenSpec,
  reason: "A request that is repeated because its answer was lost must not fill somebody's inbox.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    for (const medium of await usableMedia(context)) {
      const failure = await sendsAgain(context, medium);
      if (failure !== null) return failure;
    }
    return pass();
  },
};

export const tokenIsShortEnough: Rule = {
  id: "is-33",
  title: "A token has at most 255 code points",
  level: "must",
  specUrl: identitySpec("format-of-a-validation-token"),
  reason: "Clients must pass it on unchanged, and have to know what they may have to keep.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    for (const medium of await usableMedia(context)) {
      const length = [...(await tokenOf(context, await openValidation(context, medium)))].length;
      if (length > 255) return fail(null, `a token of at most 255 code points for ${medium}`, `one of ${length}`);
    }
    return pass();
  },
};

async function refuses(
  context: Context,
  medium: Medium,
  fields: Recipient["fields"],
  errcode: string,
): Promise<Failed | null> {
  const to = { ...(await newRecipient(context, medium)), fields };
  const answer = await requestToken(context, to, { client_secret: context.random(24) });
  return isError(answer, 400, errcode) ? null : fail(answer, `400 ${errcode}`);
}

/** Long enough for a message too many to arrive after the one that was waited for. */
const settlingTime = 300;

async function sendsAgain(context: Context, medium: Medium): Promise<Failed | null> {
  const to = await newRecipient(context, medium);
  const client_secret = context.random(24);
  const ask = (send_attempt: number) => requestToken(context, to, { client_secret, send_attempt });
  const first = await ask(2);
  if (medium === "msisdn" && isPhoneRefused(first)) return null;
  const sid = sidIn(first);
  for (const attempt of [2, 1]) {
    const repeated = await ask(attempt);
    if (repeated.status !== 200 || stringMember(repeated.json, "sid") !== sid)
      return fail(repeated, `200 with the same \`sid\` for \`send_attempt\` ${attempt} after 2`);
  }
  const higher = await ask(3);
  if (higher.status !== 200) return fail(higher, "200 for a higher `send_attempt`");
  const sent = async () => (await to.mailbox.messagesTo(to.address)).length - to.seen;
  await messageOf(context, to);
  for (let waited = 0; (await sent()) < 2 && waited < context.wait.timeout; waited += settlingTime)
    await context.wait.sleep(settlingTime);
  await context.wait.sleep(settlingTime);
  const count = await sent();
  if (count === 2) return null;
  return fail(higher, `2 messages (${medium}) for the attempts 2, 2, 1 and 3`, String(count));
}
