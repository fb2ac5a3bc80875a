// Rules about the session that ties the requests of one authentication together.

import { logIn, spareDevice } from "../accounts.ts";
import { Blocked, fail, NotOffered, pass, skip } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { readChallenge } from "./challenge.ts";
import { openPasswordAttempt, wrongPassword } from "./password-attempt.ts";
import { withSession } from "./solver.ts";
import { passwordAuth } from "./stage-solvers.ts";

export const sessionStaysTheSame: Rule = {
  id: "uia-5",
  title: "The session is a string and stays the same to the end",
  level: "must",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "The client sends back what it was given first; a server that changed it would forget what was completed.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { opening, answer } = await wrongPassword(context);
    const before = readChallenge(opening)?.body["session"];
    if (before === undefined) return pass("the server works without sessions");
    if (typeof before !== "string" || before === "") return fail(opening, "`session` to be a string");
    const after = readChallenge(answer);
    if (after === null) throw new Blocked(answer, "a wrong password had to be answered with a challenge");
    if (after.session !== before) return fail(answer, "the session of the first answer again");
    return pass();
  },
};

export const sessionsAreDistinct: Rule = {
  id: "uia-5x",
  title: "Every authentication gets a session of its own",
  level: "security",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "Two people with the same session would complete each other's stages.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const one = await openPasswordAttempt(context);
    const other = await openPasswordAttempt(context);
    if (one.challenge.session === undefined) return skip("the server works without sessions");
    if (one.challenge.session === other.challenge.session)
      return fail(other.opening, "another session than the one before");
    return pass();
  },
};

export const sessionOnlyIsAllowed: Rule = {
  id: "uia-20",
  title: "Auth data may be the session alone",
  level: "derived",
  specUrl: clientServerSpec("fallback"),
  reason:
    "After a fallback page the client has nothing else to send; before that, the answer is the challenge once more.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { send, challenge } = await openPasswordAttempt(context);
    if (challenge.session === undefined) return skip("the server works without sessions");
    const answer = await send({ session: challenge.session });
    if (readChallenge(answer) === null) return fail(answer, "the challenge again, since nothing is completed yet");
    return pass();
  },
};

export const sessionBelongsToOneRequest: Rule = {
  id: "uia-21",
  title: "A session is good for the operation, path and user it was opened for, and for nothing else",
  level: "security",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "What the person agreed to was one request; the same proof must not authorise another.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, challenge } = await openPasswordAttempt(context);
    const { session } = challenge;
    if (session === undefined) return skip("the server works without sessions");
    const { deviceId } = await logIn(context, alice);
    const path = `/_matrix/client/v3/devices/${encodeURIComponent(deviceId)}`;
    const auth = withSession(passwordAuth(alice), session);
    const otherPath = await context.homeserver.delete(path, { auth }, { token: alice.accessToken });
    if (otherPath.status < 400) return fail(otherPath, "a refusal: the session was opened for another device");
    const body = { devices: [deviceId], auth };
    const otherOperation = await context.homeserver.post("/_matrix/client/v3/delete_devices", body, {
      token: alice.accessToken,
    });
    if (otherOperation.status < 400)
      return fail(otherOperation, "a refusal: the session was opened for another operation");
    const bob = await context.accounts.bob().catch(onlyOneAccount);
    if (bob === null) return pass("not tried with another user: this run has one account only");
    const foreign = await context.homeserver.delete(
      `/_matrix/client/v3/devices/${encodeURIComponent(await spareDevice(context, bob))}`,
      { auth: withSession(passwordAuth(bob), session) },
      { token: bob.accessToken },
    );
    if (foreign.status < 400) return fail(foreign, "a refusal: the session was opened for another user");
    return pass();
  },
};

export const unknownSessionIsNoSuccess: Rule = {
  id: "uia-22",
  title: "An unknown session leads nowhere",
  level: "derived",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "The client has to be told to begin again: by a 4xx, or by a challenge with a new session.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { send, alice, challenge } = await openPasswordAttempt(context);
    if (challenge.session === undefined) return skip("the server works without sessions");
    const answer = await send(withSession(passwordAuth(alice), `no-${context.random(20)}`));
    if (answer.status < 400 || answer.status >= 500) return fail(answer, "a 4xx: this session was never given");
    return pass();
  },
};

export const sessionMayBeLeftOut: Rule = {
  id: "uia-23",
  title: "Auth data without the session that was given",
  level: "info",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "Clients must send it, but servers differ in whether they insist; who writes a client wants to know.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { send, alice, challenge } = await openPasswordAttempt(context);
    if (challenge.session === undefined) return skip("the server works without sessions");
    const answer = await send(passwordAuth(alice));
    if (answer.status >= 500) return fail(answer, "a success or a 4xx, either is right");
    if (answer.status >= 400) return pass(`strict: answered ${answer.status}`);
    alice.spareDevice = null;
    return pass("lenient: the password alone was enough");
  },
};

function onlyOneAccount(error: unknown): null {
  if (error instanceof NotOffered) return null;
  throw error;
}
