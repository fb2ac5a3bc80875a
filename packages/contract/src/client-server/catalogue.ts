import type { Section } from "../catalogue.ts";
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
  markerIsKept,
  privateReceiptCounts,
  threadsAreCountedApart,
  threadsAreCountedTogether,
  threadReceiptsAreTold,
} from "./reading.ts";
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
import { roomSections } from "./room-sections.ts";

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
  ...roomSections,
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
