import { MatrixError, splitTarget } from "@matrix-openapi/server";
import type { HtmlResult, IncomingRequest, JsonValue, UiaStage } from "@matrix-openapi/server";
import type { ExtraRoute } from "../../extra-routes.ts";
import type { Home } from "../../home.ts";
import { readText } from "../../request-text.ts";
import { uiaStages } from "../stages.ts";
import { offerOf } from "./fallback-stage.ts";
import type { Fields, StageState } from "./fallback-stage.ts";
import { donePage, formPage, messagePage } from "./pages.ts";
import { fallbackStages } from "./stages.ts";

/**
 * Completes a stage in a browser, for clients that do not know it: they open the page with their session, which is all
 * that it takes to go on, and send the session alone afterwards. The description has the GET only; here is also where
 * the forms are sent to. https://spec.matrix.org/v1.19/client-server-api/#fallback
 */
export function fallbackRoute(home: Home): ExtraRoute {
  const pages = fallbackStages(home);
  const evaluators = uiaStages(home);

  async function answer(incoming: IncomingRequest): Promise<HtmlResult> {
    const { remoteAddress, signal } = incoming;
    const { path, query } = splitTarget(incoming.target);
    const isPost = incoming.method === "POST";
    const fields = isPost ? await readForm(incoming) : {};
    if (fields === null) return messagePage(400, "The form did not arrive whole. Go back and send it again.");

    const type = typeOf(path);
    const stage = pages[type];
    const id = isPost ? fields["session"] : new URLSearchParams(query).get("session");
    const session = id ? await home.uia.session(id) : undefined;
    if (session === undefined) return messagePage(400, outdated);
    const offer = offerOf(session, type);
    if (stage === undefined || offer === "none")
      return messagePage(400, "The application has not asked for this step.");
    if (offer === "completed") return donePage();
    if (offer === "later") return messagePage(200, "Another step comes before this one. Go back to complete it.");

    const params = (session.params[type] ?? {}) as StageState["params"]; // the params of a stage are an object
    const state: StageState = { session, params, fields, remoteAddress };
    if (!isPost) return formPage(stage, state);
    const submission = await stage.submit(state);
    if ("fields" in submission) return formPage(stage, { ...state, fields: submission.fields }, submission.problem);
    const evaluate: UiaStage = evaluators[type] ?? completedByName;
    const outcome = await evaluate({
      auth: { ...submission.attempt, type, session: session.id },
      session,
      params,
      user: session.userId === null ? undefined : { id: session.userId },
      remoteAddress,
      signal,
    });
    if ("pending" in outcome) return formPage(stage, state);
    return outcome.ok ? complete(session.id, type, outcome) : formPage(stage, state, outcome.error);
  }

  async function complete(sessionId: string, type: string, proof: Proof): Promise<HtmlResult> {
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
    path: /^\/_matrix\/client\/v3\/auth\/[^/]+\/fallback\/web$/,
    methods: ["GET", "POST"],
    answer: (incoming) => answer(incoming).catch(inWords),
  };
}

interface Proof {
  readonly evidence?: JsonValue;
  readonly userId?: string;
}

const outdated = "This page is out of date. Go back to the application and start again.";

/** `m.login.dummy` and `m.login.terms`, which the machinery completes by itself. */
const completedByName: UiaStage = () => ({ ok: true });

function typeOf(path: string): string {
  const segment = path.split("/").at(-3) ?? "";
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // no stage is called so
  }
}

async function readForm(incoming: IncomingRequest): Promise<Fields | null> {
  const isForm = incoming.header("content-type")?.startsWith("application/x-www-form-urlencoded") === true;
  const text = isForm ? await readText(incoming, 64 * 1024) : null;
  return text === null ? null : Object.fromEntries(new URLSearchParams(text));
}

/** A rate limit, so that a person can read it. */
function inWords(error: unknown): HtmlResult {
  if (error instanceof MatrixError) return messagePage(error.status, error.message);
  throw error;
}
