// Rules about how the server asks for authentication in the first place.

import { isObject } from "../json.ts";
import { fail, pass, skip } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { offeredStages, readChallenge } from "./challenge.ts";
import { openChallenges, openings } from "./openings.ts";
import { isRefusedOutright, protectedOperations } from "./operations.ts";

export const challengeHasFlows: Rule = {
  id: "uia-1",
  title: "A request without `auth` is answered with the flows that lead through",
  level: "derived",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "A client that does not know the server can only learn from this answer what it has to do.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const refused: string[] = [];
    for (const openingOf of openings) {
      const { operation, answer } = await openingOf(context);
      if (isRefusedOutright(answer)) refused.push(operation.operationId);
      else if (readChallenge(answer) === null)
        return fail(
          answer,
          `${operation.operationId}: a 401 whose \`flows\` is an array of objects with \`stages\`, an array of strings`,
        );
    }
    if (refused.length === openings.length) return skip("the server offers none of these operations");
    return pass(refused.length === 0 ? undefined : `not offered here: ${refused.join(", ")}`);
  },
};

export const neverWithoutAuth: Rule = {
  id: "uia-2",
  title: "Nothing is done without auth data, even where a dummy stage would be all it takes",
  level: "must",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "A flow is completed by sending its stages; otherwise a stray request could create or delete accounts.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    for (const operation of protectedOperations) {
      const send = await operation.prepare(context);
      for (const auth of [undefined, {}]) {
        const answer = await send(auth);
        if (answer.status < 400)
          return fail(answer, `${operation.operationId} without auth data: a refusal, such as a 401 with \`flows\``);
      }
    }
    return pass();
  },
};

export const paramsBelongToStages: Rule = {
  id: "uia-4",
  title: "`params` holds an object for stages that are offered, and for no others",
  level: "derived",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "The keys are the stages' types: a key that no flow offers is one that no client can use.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    for (const { operation, answer, challenge } of await openChallenges(context)) {
      const { params } = challenge;
      if (params === undefined) continue;
      if (!isObject(params) || !Object.values(params).every(isObject))
        return fail(answer, `${operation.operationId}: \`params\` to be an object of objects`);
      const stray = Object.keys(params).find((stage) => !offeredStages(challenge).has(stage));
      if (stray !== undefined)
        return fail(answer, `${operation.operationId}: only stages of the flows in \`params\`, not ${stray}`);
    }
    return pass();
  },
};

export const noFlowIsAPrefix: Rule = {
  id: "uia-34",
  title: "No offered flow is the beginning of another",
  level: "should",
  specUrl: clientServerSpec("dummy-auth"),
  reason: "A client on the longer flow would be let through before its end; a dummy stage tells the two apart.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    for (const { operation, answer, challenge } of await openChallenges(context)) {
      for (const short of challenge.flows) {
        const long = challenge.flows.find(
          (flow) => flow.length > short.length && short.every((stage, position) => flow[position] === stage),
        );
        if (long !== undefined)
          return fail(
            answer,
            `${operation.operationId}: [${short.join(", ")}] not to be the beginning of [${long.join(", ")}]`,
          );
      }
    }
    return pass();
  },
};
