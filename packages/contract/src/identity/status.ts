// Rules about finding out that there is an identity server, and which.

import { isObject, member } from "../json.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { identitySpec } from "../rule.ts";

export const pingIsPublic: Rule = {
  id: "is-1",
  title: "`GET /v2` answers anyone with 200 and {}",
  level: "must",
  specUrl: identitySpec("get_matrixidentityv2"),
  reason: "Clients ask this during discovery, before they trust a URL to be an identity server.",
  needs: ["identity"],
  testable: true,
  async check({ identity }) {
    const answer = await identity.get("/_matrix/identity/v2");
    if (answer.status !== 200 || !isObject(answer.json)) return fail(answer, "200 {} without an access token");
    return pass();
  },
};

export const versionsAreWellFormed: Rule = {
  id: "is-2",
  title: "`/versions` lists versions as vX.Y or rX.Y.Z",
  level: "must",
  specUrl: identitySpec("get_matrixidentityversions"),
  reason: "Clients compare these strings to learn what they may use.",
  needs: ["identity"],
  testable: true,
  async check({ identity }) {
    const answer = await identity.get("/_matrix/identity/versions");
    const versions = member(answer.json, "versions");
    if (answer.status !== 200 || !Array.isArray(versions)) return fail(answer, "200 with a list `versions`");
    const wrong = versions.find((version) => typeof version !== "string" || !versionPattern.test(version));
    if (wrong !== undefined) return fail(answer, "versions as vX.Y or rX.Y.Z", `among them ${JSON.stringify(wrong)}`);
    return pass();
  },
};

const versionPattern = /^(v\d+\.\d+|r\d+\.\d+\.\d+)$/;
