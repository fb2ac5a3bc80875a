import type { Section } from "../catalogue.ts";
import { bothWaysToSendAToken, tokensStayOnTheirServer, unknownTokensAreUnauthorized } from "./access-tokens.ts";
import {
  anotherUserMayBeBound,
  associationIsComplete,
  associationIsSigned,
  expiredSessionIsRefused,
  unboundAddressIsNotFound,
  unknownSessionIsNotFound,
  unvalidatedSessionIsRefused,
  validatedAddressIsTold,
} from "./associations.ts";
import {
  boundAddressIsNotInvited,
  displayNameKeepsTheAddress,
  homeserverIsToldOfInvitations,
  invitationHasTokenAndKeys,
  invitationIsMailed,
  invitationIsSigned,
  onlyEmailIsInvited,
  unknownInvitationIsNotSigned,
} from "./invitations.ts";
import { invitationKeyIsValid, keysArePublished, keysKeepToTheirKind, longTermKeyIsValid } from "./keys.ts";
import { badLinkFails, linkIsForPeople, linkRedirects, postIgnoresNextLink, submitUrlIsTheSame } from "./links.ts";
import {
  boundAddressIsFound,
  clearTextOnlyWhereOffered,
  hashDetailsHaveSha256,
  malformedHashIsNoMatch,
  onlyMatchesAreReturned,
  unknownAlgorithmIsRefused,
  wrongPepperIsRefused,
} from "./lookup.ts";
import { answersAreJson, answersHaveCors, errorsAreStandard, termsAreAskedForOnAuthenticated } from "./observed.ts";
import {
  badOpenIdTokenIsRefused,
  expiredOpenIdTokenIsRefused,
  homeserverVouchesForItsOwn,
  logoutEndsToken,
  openIdTokenOpensAccount,
} from "./registering.ts";
import { missingParametersAreTold, unknownRequestsAreUnrecognized } from "./requests.ts";
import { pingIsPublic, versionsAreWellFormed } from "./status.ts";
import { agreeingIsAlwaysPossible, agreementsAddUp, anyLanguageCounts, termsArePublic } from "./terms.ts";
import {
  badEmailIsRefused,
  badPhoneNumberIsRefused,
  clientSecretIsOpaque,
  repeatedAttemptSendsNothing,
  sendingMayFail,
  sessionIdIsOpaque,
  tokenIsShortEnough,
} from "./token-requests.ts";
import {
  badParameterIsInvalid,
  rightTokenValidates,
  sessionExpires,
  unknownSessionIsRefused,
  validatingPublishesNothing,
  wrongTokenIsIncorrect,
} from "./token-submissions.ts";
import { homeserverUnbinds, ownerOfAddressUnbinds, strangersDoNotUnbind } from "./unbinding.ts";

/** The rules of the identity service, in the order in which a run checks them. */
export const identitySections: readonly Section[] = [
  {
    title: "Identity service: every answer",
    rules: [
      pingIsPublic,
      versionsAreWellFormed,
      answersAreJson,
      errorsAreStandard,
      unknownRequestsAreUnrecognized,
      answersHaveCors,
      missingParametersAreTold,
    ],
  },
  {
    title: "Identity service: accounts",
    rules: [
      openIdTokenOpensAccount,
      badOpenIdTokenIsRefused,
      homeserverVouchesForItsOwn,
      bothWaysToSendAToken,
      unknownTokensAreUnauthorized,
      tokensStayOnTheirServer,
      logoutEndsToken,
    ],
  },
  {
    title: "Identity service: terms",
    rules: [
      termsArePublic,
      agreementsAddUp,
      anyLanguageCounts,
      agreeingIsAlwaysPossible,
      termsAreAskedForOnAuthenticated,
    ],
  },
  {
    title: "Identity service: asking for tokens",
    rules: [
      sessionIdIsOpaque,
      clientSecretIsOpaque,
      badEmailIsRefused,
      badPhoneNumberIsRefused,
      sendingMayFail,
      repeatedAttemptSendsNothing,
      tokenIsShortEnough,
    ],
  },
  {
    title: "Identity service: handing tokens in",
    rules: [
      rightTokenValidates,
      wrongTokenIsIncorrect,
      badParameterIsInvalid,
      unknownSessionIsRefused,
      validatingPublishesNothing,
      linkIsForPeople,
      linkRedirects,
      badLinkFails,
      postIgnoresNextLink,
      submitUrlIsTheSame,
    ],
  },
  {
    title: "Identity service: associations",
    rules: [
      unknownSessionIsNotFound,
      unvalidatedSessionIsRefused,
      validatedAddressIsTold,
      associationIsComplete,
      associationIsSigned,
      unboundAddressIsNotFound,
      anotherUserMayBeBound,
      ownerOfAddressUnbinds,
      strangersDoNotUnbind,
      homeserverUnbinds,
    ],
  },
  {
    title: "Identity service: lookup",
    rules: [
      hashDetailsHaveSha256,
      boundAddressIsFound,
      onlyMatchesAreReturned,
      wrongPepperIsRefused,
      unknownAlgorithmIsRefused,
      clearTextOnlyWhereOffered,
      malformedHashIsNoMatch,
    ],
  },
  {
    title: "Identity service: keys and invitations",
    rules: [
      keysArePublished,
      longTermKeyIsValid,
      invitationHasTokenAndKeys,
      invitationKeyIsValid,
      keysKeepToTheirKind,
      displayNameKeepsTheAddress,
      invitationIsMailed,
      onlyEmailIsInvited,
      boundAddressIsNotInvited,
      homeserverIsToldOfInvitations,
      unknownInvitationIsNotSigned,
      invitationIsSigned,
    ],
  },
  {
    // Last, because the server's time cannot be moved back.
    title: "Identity service: what expires",
    rules: [expiredOpenIdTokenIsRefused, sessionExpires, expiredSessionIsRefused],
  },
];
