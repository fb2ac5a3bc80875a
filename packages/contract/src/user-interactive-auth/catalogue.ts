import type { Section } from "../catalogue.ts";
import { emailStage, msisdnStage } from "./address-stages.ts";
import { challengeHasFlows, neverWithoutAuth, noFlowIsAPrefix, paramsBelongToStages } from "./asking.ts";
import { firstCrossSigningKeysAreExempt, oauthIsForCrossSigning } from "./cross-signing.ts";
import {
  deviceDeletionIsIdempotent,
  guestsChooseNothing,
  loginCanBeInhibited,
  loginTokenAlwaysAsks,
  loginTokenIsUsedOnce,
  passwordChangeLogsOut,
} from "./endpoints.ts";
import {
  applicationServicesAreExempt,
  guestsAreNotAsked,
  loginIsNotInteractive,
  tokenErrorsHaveNoFlows,
  tokenIsOptionalWhereItMayBeLost,
} from "./exemptions.ts";
import {
  fallbackPagesExist,
  fallbackPageTellsTheClient,
  loginFallbackPage,
  sessionGoesOnAfterPage,
  singleSignOnIsConfirmed,
  singleSignOnIsForThePage,
} from "./fallback.ts";
import { answersHaveCors, rateLimitIsTold, rateLimitTellsWhen, unauthorizedIsJson } from "./observed.ts";
import {
  othersCredentials,
  phoneIdentifier,
  thirdPartyIdentifier,
  unknownThirdPartyIdentifier,
  userIdentifier,
} from "./password-stage.ts";
import {
  completedStageIsListed,
  completedStageIsNotRetried,
  everyFlowLeadsThrough,
  flowsDoNotChange,
  orderIsKept,
  resultAndEffect,
  stagesOfSeveralRequests,
} from "./progress.ts";
import {
  badRegistrationToken,
  dummyIsAlwaysCompleted,
  recaptchaIsChecked,
  registrationTokenOnly,
  registrationTokenValidity,
  termsAreAccepted,
  termsAreComplete,
  termsOnly,
} from "./registration-stages.ts";
import {
  failedAttemptHasNoEffect,
  failedAttemptIsTold,
  namesAreCheckedAgain,
  namesAreCheckedFirst,
  otherErrorsHaveNoFlows,
  retrySucceeds,
} from "./retrying.ts";
import {
  sessionBelongsToOneRequest,
  sessionMayBeLeftOut,
  sessionOnlyIsAllowed,
  sessionsAreDistinct,
  sessionStaysTheSame,
  unknownSessionIsNoSuccess,
} from "./sessions.ts";

/**
 * The rules of user-interactive auth, in the order in which a run checks them: what looks at one answer before what
 * walks a whole flow, so that the first violation of a run points at its cause.
 */
export const userInteractiveAuthSections: readonly Section[] = [
  {
    title: "User-interactive auth: every answer",
    rules: [unauthorizedIsJson, answersHaveCors, rateLimitIsTold, rateLimitTellsWhen],
  },
  {
    title: "User-interactive auth: progress",
    rules: [completedStageIsListed, flowsDoNotChange, orderIsKept, completedStageIsNotRetried, stagesOfSeveralRequests],
  },
  {
    title: "User-interactive auth: stages of registration",
    rules: [
      recaptchaIsChecked,
      emailStage,
      msisdnStage,
      badRegistrationToken,
      registrationTokenValidity,
      termsAreComplete,
      termsAreAccepted,
      dummyIsAlwaysCompleted,
    ],
  },
  {
    // Before anything else logs the accounts in: one of these counts their devices.
    title: "User-interactive auth: registering",
    rules: [
      everyFlowLeadsThrough,
      loginCanBeInhibited,
      namesAreCheckedFirst,
      namesAreCheckedAgain,
      guestsAreNotAsked,
      guestsChooseNothing,
    ],
  },
  {
    title: "User-interactive auth: asking",
    rules: [
      neverWithoutAuth,
      challengeHasFlows,
      paramsBelongToStages,
      noFlowIsAPrefix,
      registrationTokenOnly,
      termsOnly,
      tokenErrorsHaveNoFlows,
      tokenIsOptionalWhereItMayBeLost,
      loginIsNotInteractive,
      applicationServicesAreExempt,
      firstCrossSigningKeysAreExempt,
      oauthIsForCrossSigning,
    ],
  },
  {
    title: "User-interactive auth: sessions",
    rules: [
      sessionStaysTheSame,
      sessionsAreDistinct,
      sessionOnlyIsAllowed,
      sessionBelongsToOneRequest,
      unknownSessionIsNoSuccess,
      sessionMayBeLeftOut,
    ],
  },
  {
    title: "User-interactive auth: failing and retrying",
    rules: [failedAttemptIsTold, failedAttemptHasNoEffect, retrySucceeds, otherErrorsHaveNoFlows],
  },
  {
    title: "User-interactive auth: the password stage",
    rules: [userIdentifier, thirdPartyIdentifier, unknownThirdPartyIdentifier, phoneIdentifier, othersCredentials],
  },
  {
    title: "User-interactive auth: web pages",
    rules: [
      fallbackPagesExist,
      fallbackPageTellsTheClient,
      sessionGoesOnAfterPage,
      loginFallbackPage,
      singleSignOnIsForThePage,
      singleSignOnIsConfirmed,
    ],
  },
  {
    title: "User-interactive auth: single operations",
    rules: [
      resultAndEffect,
      deviceDeletionIsIdempotent,
      loginTokenAlwaysAsks,
      loginTokenIsUsedOnce,
      passwordChangeLogsOut,
    ],
  },
];
