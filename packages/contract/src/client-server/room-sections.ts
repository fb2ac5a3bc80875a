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
import { sendersAreLoaded, silentAreNotLoaded, pagesHaveTheirSenders } from "./lazy-members.ts";
import { stateAfterIsTheEnd, fullStateIsTold, leftRoomsAreAskedFor, summaryNamesRoom } from "./sync-state.ts";
import { knockIsAnswered, knockIsTakenBack, knockNeedsDoor } from "./knocking.ts";
import { searchFindsAll, searchIsForMembers } from "./search.ts";
import { leavingEndsHistory, visibilityBeginsWhereTold, visibilityHoldsFromThenOn } from "./history.ts";
import { upgradeTakesSettingsAlong, upgradeMovesAliases, upgradeClosesOldRoom, upgradeIsRefused } from "./upgrades.ts";
import { ignoredUsersDoNotInvite, invitationsCanBeBlocked } from "./unwanted.ts";
import { roomsAreNotMadeInPart, canonicalAliasesLeadHere, largeEventsAreRefused } from "./making-rooms.ts";
import {
  reactionsAreGivenOnce,
  threadsDoNotNest,
  privateRoomsOfSpaceAreHidden,
  membersAreListedByMembership,
  directoryFindsPeople,
} from "./belonging.ts";

/** What happens in rooms, and how clients are told of it. */
export const roomSections: readonly Section[] = [
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
];
