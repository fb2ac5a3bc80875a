import { html as htmlResult, MatrixError } from "@matrix-openapi/server";
import type { UiaSession, UiaStage } from "@matrix-openapi/server";
import { toResponse } from "../../../validation-sessions/submission-answers.ts";
import type { ExtraRoute, ExtraRouteContext } from "../../extra-routes.ts";
import type { Handlers, Home } from "../../home.ts";
import { uiaStages } from "../stages.ts";
import type { Fields, StageState } from "./fallback-stage.ts";
import { donePage, formPage, messagePage } from "./pages.ts";
import { fallbackStages } from "./stages.ts";

/**
 * Completes a stage in a browser, for clients that do not know it: they open the page with their session, which is all
 * that it takes to go on, and send the session alone afterwards.
 * https://spec.matrix.org/v1.19/client-server-api/#fallback
 */
export function fallbackRoutes(home: Home): readonly ExtraRoute[] {
  const evaluators = uiaStages(home);
  return Object.entries(fallbackStages(home)).map(([type, stage]): ExtraRoute => {
    async function show(request: Request, { remoteAddress }: ExtraRouteContext) {
      const found = await findSession(home, type, new URL(request.url).searchParams.get("session"));
      if ("page" in found) return found.page;
      return formPage(stage, { ...found, fields: {}, remoteAddress });
    }

    async function submit(request: Request, { remoteAddress, readText }: ExtraRouteContext) {
      const fields = await readForm(request, readText);
      if (fields === null) return messagePage(400, "The form did not arrive whole. Go back and send it again.");
      const found = await findSession(home, type, fields["session"] ?? null);
      if ("page" in found) return found.page;
      const state: StageState = { ...found, fields, remoteAddress };
      const submission = await stage.submit(state);
      if (!("attempt" in submission)) {
        return formPage(stage, { ...state, fields: submission.fields }, submission.problem);
      }
      const evaluate: UiaStage = evaluators[type] ?? (() => ({ ok: true })); // the others are completed by being named
      const outcome = await evaluate({
        auth: { ...submission.attempt, type, session: found.session.id },
        session: found.session,
        params: found.params,
        user: found.session.userId === null ? undefined : { id: found.session.userId },
        remoteAddress,
        signal: request.signal,
      });
      if ("pending" in outcome) return formPage(stage, state);
      return outcome.ok ? complete(found.session.id, outcome) : formPage(stage, state, outcome.error);
    }

    async function complete(sessionId: string, proof: Parameters<Home["uia"]["completeStage"]>[2]) {
      switch (await home.uia.completeStage(sessionId, type, proof)) {
        case "completed":
        case "already-completed":
          return donePage();
        case "another-user":
          return messagePage(403, "This is another account than the one that the application asks about.");
        case "not-next":
        case "unknown-session":
          return messagePage(400, outdated);
      }
    }

    return {
      path: `/_matrix/client/v3/auth/${type}/fallback/web`,
      methods: ["GET", "POST"],
      async answer(request, context) {
        try {
          return toResponse(request.method === "GET" ? await show(request, context) : await submit(request, context));
        } catch (error) {
          if (!(error instanceof MatrixError)) throw error; // a rate limit, in words that a person can read
          return toResponse(messagePage(error.status, error.message));
        }
      },
    };
  });
}

/** The described operation, which is left with stages that no page here completes. */
export function fallbackHandlers(): Handlers<"getAuthFallback"> {
  return {
    getAuthFallback() {
      const { body, headers } = messagePage(400, "This server has no page to complete this step on.");
      return htmlResult(400, body, headers ?? {});
    },
  };
}

const outdated = "This page is out of date. Go back to the application and start again.";

type Found = Pick<StageState, "session" | "params"> | { readonly page: ReturnType<typeof messagePage> };

async function findSession(home: Home, type: string, id: string | null): Promise<Found> {
  const session = id === null ? undefined : await home.uia.session(id);
  if (session === undefined) return { page: messagePage(400, outdated) };
  if (!session.flows.some(({ stages }) => stages.includes(type))) {
    return { page: messagePage(400, "The application has not asked for this step.") };
  }
  if (session.completed.some((stage) => stage.type === type)) return { page: donePage() };
  if (!isNext(session, type)) {
    return { page: messagePage(200, "Another step comes before this one. Go back to the application to complete it.") };
  }
  const params = session.params[type];
  return { session, params: (params ?? {}) as StageState["params"] }; // the params of a stage are an object
}

function isNext({ flows, completed }: UiaSession, type: string): boolean {
  return flows.some(
    ({ stages }) => completed.every((stage, i) => stage.type === stages[i]) && stages[completed.length] === type,
  );
}

async function readForm(request: Request, readText: ExtraRouteContext["readText"]): Promise<Fields | null> {
  const isForm = request.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded") === true;
  const text = isForm ? await readText(64 * 1024) : null;
  return text === null ? null : Object.fromEntries(new URLSearchParams(text));
}
