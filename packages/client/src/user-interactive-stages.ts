import type { components } from "@matrix-openapi/definitions/client-server";

type Schemas = components["schemas"];

/** What goes into a request's `auth`: one attempt at one stage, or the session alone. */
export type AuthenticationData = Schemas["AuthenticationData"];

/** Why the last attempt at a stage failed, as far as the server says. */
export interface StageFailure {
  readonly errcode: string;
  readonly error: string | undefined;
}

/** Where an authentication stands when a stage is attempted. */
export interface StageContext {
  /** What the server gave to tie the attempts together; a fallback page needs it. */
  readonly session: string | undefined;
  /** 1 at the first attempt at this stage. */
  readonly attempt: number;
  /** Present when the last attempt at this stage failed. */
  readonly failure?: StageFailure;
}

/**
 * Completes a stage: with the data of an attempt; with `true` once the stage has been completed elsewhere, such as on
 * its fallback page; or with `null` to give up.
 */
export type StageHandler<Params, Data> = (
  params: Params,
  context: StageContext,
) => Data | true | null | Promise<Data | true | null>;

/** What the client can do for the user, by stage. */
export interface StageHandlers {
  readonly "m.login.password"?: StageHandler<OpenParams, DataOf<"m.login.password">>;
  readonly "m.login.recaptcha"?: StageHandler<Schemas["RecaptchaParams"], DataOf<"m.login.recaptcha">>;
  /** `true` completes the stage by itself. */
  readonly "m.login.dummy"?: true | StageHandler<OpenParams, never>;
  /** `true` states that the user agrees to what `params` names. */
  readonly "m.login.terms"?: StageHandler<Schemas["TermsParams"], never>;
  readonly "m.login.email.identity"?: StageHandler<OpenParams, DataOf<"m.login.email.identity">>;
  readonly "m.login.msisdn"?: StageHandler<OpenParams, DataOf<"m.login.msisdn">>;
  readonly "m.login.registration_token"?: StageHandler<OpenParams, DataOf<"m.login.registration_token">>;
  /** `true` once the user has come back from the stage's fallback page. */
  readonly "m.login.sso"?: StageHandler<OpenParams, never>;
  /** `true` once the user has come back from the page that `params` names. */
  readonly "m.oauth"?: StageHandler<Schemas["OAuthParams"], never>;
}

/** Handles a stage that the specification does not know. */
export type CustomStageHandler = StageHandler<OpenParams, { readonly [field: string]: unknown; readonly type?: never }>;

/** The parameters of a stage that the specification gives none. */
export interface OpenParams {
  readonly [field: string]: unknown;
}

type DataOf<Type extends string> = Omit<Extract<AuthenticationData, { type: Type }>, "type" | "session">;
