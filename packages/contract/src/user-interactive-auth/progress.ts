// Rules about the way from the first stage to the operation's result.

import { sameJson } from "../canonical-json.ts";
import { stringMember } from "../json.ts";
import { Blocked, fail, NotOffered, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { readChallenge } from "./challenge.ts";
import { deleteDevice } from "./operations.ts";
import { wrongPassword } from "./password-attempt.ts";
import { completeFirstStage, openRegistration } from "./reaching.ts";
import { walkFlow, withSession } from "./solver.ts";
import { stageSolvers } from "./stage-solvers.ts";

export const completedStageIsListed: Rule = {
  id: "uia-8",
  title: "While stages are left, the answer is the challenge with `completed`",
  level: "derived",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "The client learns from `completed` that it may go on to the next stage.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { answer, stage } = await completeFirstStage(context);
    const challenge = readChallenge(answer);
    if (challenge === null) return fail(answer, `after ${stage}, the first of several stages: a 401 with \`flows\``);
    if (!sameJson(challenge.body["completed"], [stage])) return fail(answer, `\`completed\` to be ["${stage}"]`);
    return pass();
  },
};

export const flowsDoNotChange: Rule = {
  id: "uia-9",
  title: "Flows and params stay the same from answer to answer",
  level: "derived",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "The client has chosen its flow from the first answer.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { opening, answer } = await completeFirstStage(context).catch((error: unknown) => {
      if (error instanceof NotOffered) return wrongPassword(context);
      throw error;
    });
    const before = readChallenge(opening);
    const after = readChallenge(answer);
    if (before === null || after === null)
      throw new Blocked(answer, "the authentication had to go on with a 401 with `flows`");
    if (!sameJson(before.flows, after.flows)) return fail(answer, "the flows of the first answer", "other flows");
    if (!sameJson(before.params ?? {}, after.params ?? {}))
      return fail(answer, "the params of the first answer", "other params");
    return pass();
  },
};

export const orderIsKept: Rule = {
  id: "uia-10",
  title: "A stage that is not next is not completed",
  level: "must",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "A flow is a sequence: a server that takes stages in any order offers flows that it has not listed.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { send, challenge, solvers } = await openRegistration(context);
    const firsts = new Set(challenge.flows.map((flow) => flow[0]));
    const later = challenge.flows.flatMap((flow) => flow.slice(1));
    // A stage that needs a mail is left alone: whether it was earned is another question.
    const stage = ["m.login.dummy", "m.login.terms", "m.login.registration_token"].find(
      (type) => later.includes(type) && !firsts.has(type) && Object.hasOwn(solvers, type),
    );
    const solver = stage === undefined ? undefined : solvers[stage];
    if (stage === undefined || solver === undefined)
      throw new NotOffered("registration here has no later stage that could be sent too early");
    const answer = await send(withSession(await solver(challenge), challenge.session));
    const after = readChallenge(answer);
    if (after === null || after.completed.includes(stage))
      return fail(answer, `${stage} sent before its turn: a 401 without it in \`completed\``);
    return pass();
  },
};

export const everyFlowLeadsThrough: Rule = {
  id: "uia-11",
  title: "A flow that is offered works to its end",
  level: "derived",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "Clients choose the flow they can do; each one listed is a promise.",
  needs: ["homeserver"],
  testable: true,
  async check({ accounts }) {
    const walks = await accounts.registrations();
    for (const { flow, last } of walks) {
      if (last.status !== 200 || stringMember(last.json, "user_id") === undefined)
        return fail(last, `at the end of [${flow.join(", ")}]: 200 with \`user_id\``);
    }
    const walked = new Set(walks.map(({ flow }) => flow.join(" ")));
    const offered = walks[0]?.flows.length ?? 0;
    return pass(
      walked.size < offered ? `walked ${walked.size} of the ${offered} flows that registration offers` : undefined,
    );
  },
};

export const stagesOfSeveralRequests: Rule = {
  id: "uia-12",
  title: "A stage of several requests is answered like an unauthenticated request until it is done",
  level: "derived",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "Its own keys tell the client how to go on, and it is in `completed` only at its end.",
  needs: ["homeserver"],
  testable: { no: "no stage that the specification defines takes several requests" },
};

export const resultAndEffect: Rule = {
  id: "uia-18",
  title: "The last stage gives the operation's own result, and the operation has happened",
  level: "derived",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "Completing the flow is completing the request: nothing else is to be sent.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await context.accounts.alice();
    const whoami = await context.homeserver.get("/_matrix/client/v3/account/whoami", { token: alice.accessToken });
    if (stringMember(whoami.json, "user_id") !== alice.userId)
      return fail(whoami, `the token from registering to belong to ${alice.userId}`);
    const send = await deleteDevice.prepare(context);
    const path = `/_matrix/client/v3/devices/${encodeURIComponent(alice.spareDevice ?? "")}`;
    const { last } = await walkFlow(send, stageSolvers(context, { account: alice }));
    if (last.status !== 200) return fail(last, "deleting a device: 200 after the last stage");
    alice.spareDevice = null;
    const device = await context.homeserver.get(path, { token: alice.accessToken });
    if (device.status !== 404) return fail(device, "404 for the device that was deleted");
    return pass();
  },
};

export const completedStageIsNotRetried: Rule = {
  id: "uia-19",
  title: "A completed stage stays completed, whatever is sent for it again",
  level: "must",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "A client that repeats a request after a lost answer must not lose what it has done.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { send, auth, stage, answer: completed } = await completeFirstStage(context);
    if (readChallenge(completed)?.completed.includes(stage) !== true)
      throw new Blocked(completed, `${stage} had to be in \`completed\``);
    const bad = "token" in auth ? { ...auth, token: "not-the-token" } : { ...auth, password: "not-the-password" };
    for (const again of [auth, bad]) {
      const answer = await send(again);
      if (readChallenge(answer)?.completed.includes(stage) !== true)
        return fail(answer, `${stage} sent once more: a 401 with it in \`completed\`, as before`);
    }
    return pass();
  },
};
