import type { Verdicts } from "../contract/verdicts.ts";

const spec = "https://spec.matrix.org/v1.19/client-server-api/";

/** Each after reading the text of v1.19 at the place named, and asking Synapse by hand. */
export const verdicts: Verdicts = {
  "uia-10": {
    answered:
      "the last stage, sent first, is a 401 as it should be, but stands in `completed`; the flow then goes on without it.",
    text: "A flow's stages have to be completed in their order, and whoever does not keep to it gets the 401.",
    verdict:
      "Synapse departs: it takes the stages of a flow in any order. Clients that keep to the order do not notice.",
  },
  "uia-26": {
    answered: "in user-interactive auth a mail address that nobody has is a 401 with `flows` and M_FORBIDDEN.",
    text:
      "Of `m.login.password` with a third-party identifier that the homeserver does not know, it says that the " +
      "homeserver must respond with 403; the same is said of `/login`, where Synapse does so.",
    verdict:
      "Synapse departs from the sentence about this stage. It follows the general one, by which a failed stage that may " +
      "be tried again is a 401; the text does not say which goes before, and ours reads the special one as meant.",
  },
  "uia-38": {
    answered:
      "the page of `m.login.dummy` is a 404, those of m.login.registration_token, m.login.recaptcha and m.login.terms are there.",
    text: "For any stage that a client does not know, the page at this path must be there, and must be able to do it.",
    verdict: "Synapse departs, with little harm: the stage asks for nothing, and any client can send it.",
  },
  "cs-64": {
    answered: "POST /account/password/msisdn/requestToken is a 404 M_UNRECOGNIZED, whatever is configured.",
    text:
      "A server that lists a version has what that version has. The operation may refuse a number by 400 or 403; it is " +
      "not marked as optional.",
    verdict: "Synapse departs: it does not have the operation, in any version that it claims.",
  },
  "cs-47": {
    answered:
      "a verified key from message 2 on, forwarded once, is replaced by a verified one from message 5 on that was never forwarded.",
    text:
      "Of two keys that are both verified the one with the lower `first_message_index` is kept; how often they were " +
      "forwarded counts only where that is equal too.",
    verdict:
      "Synapse departs: it looks at `forwarded_count` although the index has decided. A worse key can take the place of " +
      "a better one, and the messages in between cannot be restored from the backup any more.",
  },
  "cs-48": {
    answered:
      "keys for version 2, when 3 is the newest, are refused by 403 M_WRONG_ROOM_KEYS_VERSION with `current_version` 2.",
    text: "The refusal carries the version that is current now in `current_version`.",
    verdict:
      "Synapse departs: it gives back the version that was asked for, so a client cannot go on with the one it needs " +
      "without asking for it.",
  },
  "cs-84": {
    answered:
      "a sync with `full_state` gives all of a room's state but `m.room.create`, in rooms of version 12; those of versions " +
      "10 and 11 are whole, and a first sync limited to one event leaves it out too.",
    text: "With `full_state` all state events of each room are returned.",
    place: `${spec}#get_matrixclientv3sync`,
    verdict:
      "Synapse departs: a client that comes to know such a room does not learn its creator, whose power counts more than " +
      "any number there, nor that it is a space.",
  },
  "cs-138": {
    answered: "after a second login that names the device of the first, the first access token is still good.",
    text: "Where a client sets the `device_id`, the server invalidates what tokens the device had.",
    verdict: "Synapse departs: a token that was lost stays good when its owner logs the device in again.",
  },
  "cs-71": {
    answered:
      "what a browser is led to has no CORS headers: the pages of stages, the login page, and the redirects of single sign-on.",
    text: "A homeserver should supply CORS headers on all requests, and recommends which; it makes no exception for pages.",
    verdict: "Synapse departs, without harm: people open these, and no script has to read them.",
  },
  "cs-70": {
    answered: "the preview of a `file:` URL is a 500, whose message is that of an exception.",
    text: "Errors have a code that says what is wrong. It gives no status to the preview of what cannot be had.",
    verdict: "Synapse departs, with little harm: nothing of the file is told, and it says that the server failed.",
  },
  "uia-6b": {
    answered: "deactivating without an access token is 401 M_MISSING_TOKEN; changing the password is a challenge.",
    text: "Deactivating takes no token, and takes one where the client has a session; which flows it offers may depend on it.",
    place: `${spec}#post_matrixclientv3accountdeactivate`,
    verdict:
      "Synapse departs: who has lost every session cannot deactivate the account, not even by a mail to its address.",
  },
  "cs-67": {
    answered: "a room's `name` that is a list is 400 M_UNKNOWN; a body that is no JSON is 400 M_NOT_JSON.",
    text: "M_BAD_JSON is for JSON with a missing key or a wrong value; M_UNKNOWN is for what is not known.",
    place: `${spec}#common-error-codes`,
    verdict:
      "Synapse departs from what the codes are said to mean; the text does not say of this operation which one it gives.",
  },
};

export const remarks: readonly string[] = [
  `[GET /publicRooms](${spec}#get_matrixclientv3publicrooms) asks for no access token; Synapse, as it is delivered, wants one ` +
    "(`allow_public_rooms_without_auth` changes that). The walk then asks with one.",
  `A [sync](${spec}#get_matrixclientv3sync) without \`since\` that is asked again within two minutes gets the answer of before, with its ` +
    "`next_batch` of before (`caches.sync_response_duration`). The text says nothing of how fresh the answer is; the rules " +
    "now ask each time a little differently.",
  `Whoever is banned and [joins](${spec}#post_matrixclientv3roomsroomidjoin) gets 403 M_BAD_STATE. The text wants 403 with a ` +
    "code that means something, and M_FORBIDDEN is its example: the rules now ask for the status.",
  "Rooms are published by nobody unless `room_list_publication_rules` allow it. A room created with `visibility: public` is " +
    "then made, and not listed; setting it later is 403 M_UNKNOWN. The text lets servers decide who may " +
    `[publish](${spec}#put_matrixclientv3directorylistroomroomid); the rule is skipped then.`,
  "A new display name is in the rooms, and a published room in the directory, a moment after the answer. The text gives " +
    "no time; the rules wait for it as long as for an answer.",
];

/** Why operations have answered no success here, by operationId. */
export const unreached: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["getContent", "getContentOverrideName", "getContentThumbnail"].map((id) => [
      id,
      "frozen, as the text asks of servers since v1.12: new files are for the operations with a token only",
    ]),
  ),
  ...Object.fromEntries(
    ["requestTokenToRegisterMSISDN", "requestTokenTo3PIDMSISDN"].map((id) => [
      id,
      "Synapse has an identity server send text messages, by the API of before v1.0 of its specification; none was there",
    ]),
  ),
  ...Object.fromEntries(
    ["post3PIDs", "bind3PID", "unbind3pidFromAccount"].map((id) => [
      id,
      "Synapse asks identity servers by HTTPS only; none was there",
    ]),
  ),
  requestTokenToResetPasswordMSISDN: "Synapse does not have it (cs-64)",
  getAuthMetadata: "404 M_UNRECOGNIZED, as the text has it for a server without OAuth 2.0",
  getWellknownSupport: "404, as the text allows: whoever runs Synapse puts the file on their web server",
};
