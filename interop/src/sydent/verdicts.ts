import type { Verdicts } from "../contract/verdicts.ts";

const spec = "https://spec.matrix.org/v1.19/identity-service-api/";

/** Each after reading the text of v1.19 at the place named. */
export const verdicts: Verdicts = {
  "is-3": {
    answered: "what it does not find (an unknown path, a key that it does not have) is an HTML page.",
    text: "Every endpoint answers with a JSON object, and says so in `Content-Type`.",
    verdict: "Sydent departs. Clients that parse every body have to be ready for one that is no JSON.",
  },
  "is-4": {
    answered: "the same pages, as errors.",
    text: "Every error of the Matrix API is an object with `errcode` and `error`, both always present.",
    verdict: "Sydent departs, with the same answers as in is-3.",
  },
  "is-8": {
    answered:
      "POST /account/logout without a token and without a body is 400 M_BAD_JSON; with a token it needs no body.",
    text:
      "A missing or invalid token is 401 M_UNAUTHORIZED. Logging out is the one POST that takes no body, as the " +
      "chapter on standards says.",
    verdict:
      "Sydent departs: without the header it looks for a token in the body first, and stumbles over there being none. " +
      "All other operations answer as they should.",
  },
  "is-6": {
    answered: "the preflight has `Access-Control-Allow-Headers: *`.",
    text: "It recommends a list of headers in which Authorization and Content-Type stand by name.",
    verdict:
      "Sydent departs from the recommendation. By the Fetch standard the asterisk does not stand for Authorization, so a " +
      "browser that keeps to it does not send tokens to Sydent.",
  },
  "is-5": {
    answered: "a path that it does not know is a 404 without an error code.",
    text: "M_UNRECOGNIZED is expected with a 404 for an endpoint that is not there, and with a 405 for a wrong method.",
    verdict: "Sydent departs, with the same answer as in is-3.",
  },
  "is-32": {
    answered: "four requests with `send_attempt` 2, 2, 1 and 3 send four mails.",
    text:
      "A mail is sent only for a number greater than the last one seen for the same address and secret; otherwise the " +
      "answer is a success, and nothing is sent.",
    place: `${spec}#post_matrixidentityv2validateemailrequesttoken`,
    verdict:
      "Sydent departs: it does compare the numbers, but the number it compares with is never kept. Every request that is " +
      "repeated sends one more mail.",
  },
  "is-40c": {
    answered: "the link with a wrong token is 200, with a page that says that it has failed.",
    text: "Failing to validate is a 4xx.",
    verdict:
      "Sydent departs in the status; a person reads the right thing. Its mails lead to the path of the older API " +
      "(`/api/v1`), which it serves beside the one of v2.",
  },
  "is-48b": {
    answered:
      "unbinding with a secret that does not belong to the session is 401 M_NO_VALID_SESSION; nothing is unbound.",
    text: "Credentials that are invalid are a 403; its example has M_FORBIDDEN. 401 is for the access token.",
    verdict: "Sydent departs in the status. A client may take the 401 for a token that has expired, and log in again.",
  },
  "is-19": {
    answered: "a key ID that it does not have is a 404 that is an HTML page.",
    text: "A key that is not found is a 404 with a standard error, M_NOT_FOUND in the example.",
    verdict: "Sydent departs, as in is-3.",
  },
};

export const remarks: readonly string[] = [
  `An [OpenID token](${spec}#post_matrixidentityv2accountregister) that the homeserver does not know is refused by 500 M_UNKNOWN. ` +
    "The text has no answer for it, so the rule (is-12a) now only asks for a refusal, and notes the 500.",
  "Its limits answer 429 with M_UNKNOWN, and without saying when to come back. The identity service's text has no rate limits.",
];
