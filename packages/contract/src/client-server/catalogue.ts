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
    ],
  },
  {
    title: "Membership",
    rules: [invitationIsNeeded, banKeepsOut, strangersSeeNothing, historyIsHidden, forgottenRoomIsLeft],
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
    ],
  },
];
