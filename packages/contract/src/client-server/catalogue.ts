import type { Section } from "../catalogue.ts";
import {
  editsAreBundled,
  threadsAreBundled,
  unreadIsCounted,
  ignoredUsersAreUnheard,
  timestampsLeadToEvents,
  restrictedRoomsLookElsewhere,
  invitationsCanBeDeclined,
  forgedTokensAreRefused,
} from "./conversations.ts";
import {
  backupReplacesByRule,
  deviceKeysAreShown,
  deviceListsAreTold,
  fallbackKeyIsLast,
  oldBackupIsClosed,
  oneTimeKeysAreClaimedOnce,
  signaturesAreShown,
} from "./keys.ts";
import {
  bytesComeBack,
  filesAreSandboxed,
  filesNeedToken,
  pagesAreAttachments,
  sizeLimitIsKept,
  unknownFileIsNotFound,
  uploadedFileStays,
} from "./media.ts";
import {
  banKeepsOut,
  forgottenRoomIsLeft,
  historyIsHidden,
  invitationIsNeeded,
  strangersSeeNothing,
} from "./membership.ts";
import {
  hierarchyPaginates,
  messagesBackwards,
  messagesBothWays,
  publicRoomsPaginate,
  relationsPaginate,
  threadsPaginate,
} from "./pagination.ts";
import {
  absentStateIsNotFound,
  aliasesLeadToRooms,
  contextSurroundsEvent,
  emptyStateKeyHasTwoPaths,
  initialStateIsSet,
  powerLevelsAreKept,
  presetsSetTheRules,
  redactionRemovesContent,
  upgradeLeavesTombstone,
} from "./rooms.ts";
import {
  answersAreJson,
  errorsAreStandard,
  malformedJsonIsTold,
  serverDoesNotFail,
  unknownPathIsTold,
  versionsAreHonest,
  versionsAreWellFormed,
  webClientsReadAll,
  wrongMethodIsTold,
} from "./standards.ts";
import { receiptsAreTold, typingIsTold } from "./ephemeral.ts";
import {
  deltasAddUpToState,
  eventsAreToldOnce,
  filtersAreKept,
  gapsCanBeFilled,
  invitationsAreTold,
  leftRoomsAreTold,
  longPollEnds,
  longPollIsAnswered,
  toDeviceIsToldOnce,
} from "./sync.ts";
import {
  bearerTokenIsTaken,
  guestsMayDoLittle,
  logoutEndsToken,
  missingTokenIsTold,
  queryTokenIsTaken,
  unknownTokenIsTold,
} from "./tokens.ts";
import {
  concurrentTransactionIsDoneOnce,
  transactionIdIsShownToSender,
  transactionIsDoneOnce,
  transactionsAreTheDevices,
} from "./transactions.ts";
import { sendersAreLoaded, silentAreNotLoaded, pagesHaveTheirSenders } from "./lazy-members.ts";
import { stateAfterIsTheEnd, fullStateIsTold, leftRoomsAreAskedFor, summaryNamesRoom } from "./sync-state.ts";
import { knockIsAnswered, knockIsTakenBack, knockNeedsDoor } from "./knocking.ts";
import { searchFindsAll, searchIsForMembers } from "./search.ts";
import { leavingEndsHistory, visibilityBeginsWhereTold, visibilityHoldsFromThenOn } from "./history.ts";
import { upgradeTakesSettingsAlong, upgradeMovesAliases, upgradeClosesOldRoom, upgradeIsRefused } from "./upgrades.ts";
import {
  markerIsKept,
  privateReceiptCounts,
  threadsAreCountedApart,
  threadsAreCountedTogether,
  threadReceiptsAreTold,
} from "./reading.ts";
import { ignoredUsersDoNotInvite, invitationsCanBeBlocked } from "./unwanted.ts";
import { openIdTokenTellsUser, openIdTokenOpensNothing } from "./openid.ts";
import { lockedAccountWaits, suspendedAccountIsQuiet, suspendedAccountReads } from "./moderation.ts";
import { partingIsTold, meetingIsTold, changesAreListed, messagesReachAllDevices } from "./device-lists.ts";
import { backupIsCounted, absentBackupIsNotFound, backupKeepsAlgorithm } from "./key-backup.ts";
import {
  thumbnailsAreLargeEnough,
  thumbnailsAreNotBlownUp,
  filesKeepTheirNames,
  filesMayBeEmbedded,
  mediaIdsAreNoPaths,
  previewsKeepPicturesHere,
  previewsAreOfPages,
} from "./shown-files.ts";
import {
  notificationsArrive,
  notificationsMayBeBare,
  rejectedPushersEnd,
  mutedRoomsAreNotNotified,
} from "./notifications.ts";
import { roomsAreNotMadeInPart, canonicalAliasesLeadHere, largeEventsAreRefused } from "./making-rooms.ts";
import {
  reactionsAreGivenOnce,
  threadsDoNotNest,
  privateRoomsOfSpaceAreHidden,
  membersAreListedByMembership,
  directoryFindsPeople,
} from "./belonging.ts";
import { refreshedTokensReplaceOld, newTokenEndsOld, devicesAreOnesOwn } from "./sessions.ts";
import { profileFieldsAreKept, pushRulesAreOrdered, roomDataIsTold } from "./settings.ts";
import {
  accountDataIsKept,
  defaultPushRulesAreThere,
  presenceIsKept,
  profileIsPublic,
  pushRulesAreKept,
  serverKeepsItsOwnData,
  tagsAreKept,
} from "./user-data.ts";

/** The rules of the Client-Server API beyond user-interactive auth: what looks at every answer before what does much. */
export const clientServerSections: readonly Section[] = [
  {
    title: "Every answer",
    rules: [
      versionsAreWellFormed,
      versionsAreHonest,
      unknownPathIsTold,
      wrongMethodIsTold,
      malformedJsonIsTold,
      errorsAreStandard,
      answersAreJson,
      serverDoesNotFail,
      webClientsReadAll,
    ],
  },
  {
    title: "Access tokens",
    rules: [
      bearerTokenIsTaken,
      queryTokenIsTaken,
      missingTokenIsTold,
      unknownTokenIsTold,
      guestsMayDoLittle,
      logoutEndsToken,
      openIdTokenTellsUser,
      openIdTokenOpensNothing,
      refreshedTokensReplaceOld,
      newTokenEndsOld,
      devicesAreOnesOwn,
    ],
  },
  {
    title: "Transaction IDs",
    rules: [
      transactionIsDoneOnce,
      concurrentTransactionIsDoneOnce,
      transactionsAreTheDevices,
      transactionIdIsShownToSender,
    ],
  },
  {
    title: "Rooms",
    rules: [
      presetsSetTheRules,
      initialStateIsSet,
      powerLevelsAreKept,
      redactionRemovesContent,
      emptyStateKeyHasTwoPaths,
      absentStateIsNotFound,
      aliasesLeadToRooms,
      upgradeLeavesTombstone,
      contextSurroundsEvent,
      upgradeTakesSettingsAlong,
      upgradeMovesAliases,
      upgradeClosesOldRoom,
      upgradeIsRefused,
      roomsAreNotMadeInPart,
      canonicalAliasesLeadHere,
      largeEventsAreRefused,
    ],
  },
  {
    title: "Membership",
    rules: [
      invitationIsNeeded,
      banKeepsOut,
      strangersSeeNothing,
      historyIsHidden,
      forgottenRoomIsLeft,
      knockIsAnswered,
      knockIsTakenBack,
      knockNeedsDoor,
      leavingEndsHistory,
      visibilityBeginsWhereTold,
      visibilityHoldsFromThenOn,
    ],
  },
  {
    title: "Pagination",
    rules: [
      messagesBackwards,
      messagesBothWays,
      relationsPaginate,
      threadsPaginate,
      publicRoomsPaginate,
      hierarchyPaginates,
    ],
  },
  {
    title: "Sync",
    rules: [
      deltasAddUpToState,
      eventsAreToldOnce,
      gapsCanBeFilled,
      longPollIsAnswered,
      longPollEnds,
      toDeviceIsToldOnce,
      filtersAreKept,
      leftRoomsAreTold,
      invitationsAreTold,
      typingIsTold,
      receiptsAreTold,
      sendersAreLoaded,
      silentAreNotLoaded,
      pagesHaveTheirSenders,
      stateAfterIsTheEnd,
      fullStateIsTold,
      leftRoomsAreAskedFor,
      summaryNamesRoom,
    ],
  },
  {
    title: "Conversations",
    rules: [
      editsAreBundled,
      threadsAreBundled,
      unreadIsCounted,
      ignoredUsersAreUnheard,
      timestampsLeadToEvents,
      restrictedRoomsLookElsewhere,
      invitationsCanBeDeclined,
      forgedTokensAreRefused,
      searchFindsAll,
      searchIsForMembers,
      ignoredUsersDoNotInvite,
      invitationsCanBeBlocked,
      reactionsAreGivenOnce,
      threadsDoNotNest,
      privateRoomsOfSpaceAreHidden,
      membersAreListedByMembership,
      directoryFindsPeople,
    ],
  },
  {
    title: "End-to-end encryption",
    rules: [
      deviceKeysAreShown,
      oneTimeKeysAreClaimedOnce,
      fallbackKeyIsLast,
      signaturesAreShown,
      deviceListsAreTold,
      backupReplacesByRule,
      oldBackupIsClosed,
      partingIsTold,
      meetingIsTold,
      changesAreListed,
      messagesReachAllDevices,
      backupIsCounted,
      absentBackupIsNotFound,
      backupKeepsAlgorithm,
    ],
  },
  {
    title: "Files",
    rules: [
      bytesComeBack,
      pagesAreAttachments,
      filesAreSandboxed,
      filesNeedToken,
      sizeLimitIsKept,
      unknownFileIsNotFound,
      uploadedFileStays,
      thumbnailsAreLargeEnough,
      thumbnailsAreNotBlownUp,
      filesKeepTheirNames,
      filesMayBeEmbedded,
      mediaIdsAreNoPaths,
      previewsKeepPicturesHere,
      previewsAreOfPages,
    ],
  },
  {
    title: "Account data, profiles and push rules",
    rules: [
      accountDataIsKept,
      serverKeepsItsOwnData,
      tagsAreKept,
      profileIsPublic,
      presenceIsKept,
      defaultPushRulesAreThere,
      pushRulesAreKept,
      profileFieldsAreKept,
      pushRulesAreOrdered,
      roomDataIsTold,
    ],
  },
  {
    title: "What is read",
    rules: [
      markerIsKept,
      privateReceiptCounts,
      threadsAreCountedApart,
      threadsAreCountedTogether,
      threadReceiptsAreTold,
    ],
  },
  {
    title: "Push notifications",
    rules: [notificationsArrive, notificationsMayBeBare, rejectedPushersEnd, mutedRoomsAreNotNotified],
  },
  { title: "Accounts that are held up", rules: [lockedAccountWaits, suspendedAccountIsQuiet, suspendedAccountReads] },
];
