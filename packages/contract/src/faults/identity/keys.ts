import { member } from "../../json.ts";
import type { Fault, SeenRequest } from "../fault.ts";
import { rewriteResponse } from "../fault.ts";
import { asksFor } from "./endpoint.ts";

const asksForKey = ({ path }: SeenRequest): boolean => path.startsWith("/_matrix/identity/v2/pubkey/ed25519");

/** What an identity server can get wrong about its keys. */
export const keyFaults: readonly Fault[] = [
  {
    rule: "is-19",
    name: "keys are padded",
    wrap: rewriteResponse((request, { status, json }) =>
      asksForKey(request) && status === 200 ? { body: { public_key: `${String(json["public_key"])}=` } } : null,
    ),
  },
  {
    rule: "is-19",
    name: "an unknown key is M_UNRECOGNIZED",
    wrap: rewriteResponse((request, { status, json }) =>
      asksForKey(request) && status === 404 ? { body: { ...json, errcode: "M_UNRECOGNIZED" } } : null,
    ),
  },
  verdict("is-20", "every key is valid", "pubkey/isvalid", true),
  verdict("is-20", "no key is valid", "pubkey/isvalid", false),
  verdict("is-21", "every key is an invitation's", "pubkey/ephemeral/isvalid", true),
  verdict("is-21", "no key is an invitation's", "pubkey/ephemeral/isvalid", false),
  confusion("the server's own key counts as an invitation's", "pubkey/ephemeral/isvalid", "pubkey/isvalid"),
  confusion("an invitation's key counts as the server's own", "pubkey/isvalid", "pubkey/ephemeral/isvalid"),
];

function verdict(rule: string, name: string, endpoint: string, valid: boolean): Fault {
  return {
    rule,
    name,
    wrap: rewriteResponse((request) => (asksFor(request, `GET ${endpoint}`) ? { body: { valid } } : null)),
  };
}

/** One endpoint also says yes to what the other one says yes to. */
function confusion(name: string, asked: string, other: string): Fault {
  return {
    rule: "is-21x",
    name,
    wrap: (next) => async (request) => {
      const answer = await next(request);
      if (new URL(request.url).pathname !== `/_matrix/identity/v2/${asked}`) return answer;
      const answered: unknown = await answer.clone().json();
      return member(answered, "valid") === true ? answer : next(new Request(request.url.replace(asked, other)));
    },
  };
}
