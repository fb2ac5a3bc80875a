// Rules about the web pages for clients that do not know a stage.

import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { resolveUrl } from "../http.ts";
import { Blocked, fail, NotOffered, pass, skip } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { offeredStages, readChallenge } from "./challenge.ts";
import { readForm, scriptsOf, sendForm } from "./fallback-page.ts";
import { openChallenges } from "./openings.ts";
import { reachStage } from "./reaching.ts";

export const fallbackPagesExist: Rule = {
  id: "uia-38",
  title: "Every offered stage has a web page to complete it on",
  level: "must",
  specUrl: clientServerSpec("fallback"),
  reason: "A client cannot know every stage; with the page it needs to know none.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const seen = new Set<string>();
    for (const { challenge } of await openChallenges(context)) {
      for (const stage of offeredStages(challenge)) {
        if (seen.has(stage) || challenge.session === undefined) continue;
        seen.add(stage);
        const page = await fallbackPage(context, stage, challenge.session);
        const leadsElsewhere = page.status >= 300 && page.status < 400 && page.headers.has("location");
        if (!leadsElsewhere && !isHtml(page))
          return fail(page, `the fallback page of ${stage}: 200 with a text/html page`);
      }
    }
    return seen.size === 0 ? skip("no challenge gave a session") : pass();
  },
};

export const fallbackPageTellsTheClient: Rule = {
  id: "uia-39",
  title: "The page that completes a stage tells the client so",
  level: "must",
  specUrl: clientServerSpec("fallback"),
  reason:
    "A client that shows the page in a web view waits for `onAuthDone`, one that opens a window for the message `authDone`.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { completion } = await completedOnPage(context);
    if (!isHtml(completion)) return fail(completion, "200 with a text/html page once the stage is completed");
    const script = await scriptsOf(context.links, completion);
    if (!script.includes("onAuthDone") || !script.includes("authDone") || !script.includes("postMessage"))
      return fail(
        completion,
        'a page that calls `onAuthDone`, or `postMessage("authDone", "*")` of its opener',
        "a page that does not",
      );
    return pass();
  },
};

export const sessionGoesOnAfterPage: Rule = {
  id: "uia-40",
  title: "After the page, the session alone shows the stage as completed",
  level: "derived",
  specUrl: clientServerSpec("fallback"),
  reason: "The client did not do the stage itself, so the session is all it has to send.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { send, session, stage } = await completedOnPage(context);
    const answer = await send({ session });
    if (answer.status !== 200 && readChallenge(answer)?.completed.includes(stage) !== true)
      return fail(answer, `a 401 with ${stage} in \`completed\`, or the operation's result`);
    return pass();
  },
};

export const singleSignOnIsForThePage: Rule = {
  id: "uia-30",
  title: "Single sign-on is completed on its page only",
  level: "derived",
  specUrl: clientServerSpec("single-sign-on"),
  reason: "The client has nothing to prove it with: only the identity provider can say that it happened.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const stage = "m.login.sso";
    const offering = (await openChallenges(context)).find(({ challenge }) => offeredStages(challenge).has(stage));
    if (offering === undefined) throw new NotOffered(`no operation offers ${stage} here`);
    const { operation } = offering;
    const send = await operation.prepare(context);
    const session = readChallenge(await send())?.session;
    for (const auth of [{ type: stage, session }, { session }]) {
      const answer = await send(auth);
      if (answer.status < 400 || readChallenge(answer)?.completed.includes(stage) === true)
        return fail(answer, `${operation.operationId}: a refusal, since nobody has signed on`);
    }
    return pass();
  },
};

export const singleSignOnIsConfirmed: Rule = {
  id: "uia-47",
  title: "Single sign-on asks the person to confirm what they authorise",
  level: "should",
  specUrl: clientServerSpec("single-sign-on"),
  reason: "They are signed on already, so without a question an attacker's request would pass unseen.",
  needs: ["homeserver"],
  testable: { no: "it takes a person, signed on at an identity provider, to look at the page" },
};

export const loginFallbackPage: Rule = {
  id: "uia-41",
  title: "There is a web page to log in on",
  level: "derived",
  specUrl: clientServerSpec("login-fallback"),
  reason: "It is the way in for clients that know none of the login types.",
  needs: ["homeserver"],
  testable: true,
  async check({ homeserver }) {
    const page = await homeserver.get("/_matrix/static/client/login/");
    return isHtml(page) ? pass() : fail(page, "200 with a text/html page");
  },
};

/** Completes a stage of a registration on its fallback page: one that only has to be agreed to. */
async function completedOnPage(context: Context) {
  const stage = "m.login.terms";
  const { send, challenge, isLast } = await reachStage(context, stage);
  const { session } = challenge;
  if (session === undefined)
    throw new NotOffered("the server works without sessions, so it can have no fallback pages");
  if (isLast) throw new NotOffered(`${stage} is the last stage here: completing it would make one more account`);
  const page = await fallbackPage(context, stage, session);
  if (!isHtml(page)) throw new Blocked(page, `the fallback page of ${stage} had to be a text/html page`);
  const form = readForm(page);
  if (form === null) throw new NotOffered(`the page of ${stage} has no form that could be sent without a browser`);
  const answer = await sendForm(context.links, page, form);
  const location = answer.headers.get("location");
  const completion =
    answer.status >= 300 && answer.status < 400 && location !== null
      ? await context.links.get(resolveUrl(location, answer.url).href)
      : answer;
  return { send, session, stage, completion };
}

function fallbackPage({ homeserver }: Context, stage: string, session: string): Promise<Exchange> {
  return homeserver.get(`/_matrix/client/v3/auth/${encodeURIComponent(stage)}/fallback/web`, { query: { session } });
}

function isHtml({ status, headers }: Exchange): boolean {
  return status === 200 && headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() === "text/html";
}
