import { isObject } from "../../json.ts";
import type { Change, Fault, SeenRequest, SeenResponse } from "../fault.ts";
import { rewriteResponse } from "../fault.ts";
import { asksFor } from "./endpoint.ts";

const nobody: Change = { status: 200, body: { mappings: {} } };

/** What an identity server can get wrong about looking addresses up. */
export const lookupFaults: readonly Fault[] = [
  {
    rule: "is-22",
    name: "sha256 is not offered",
    wrap: rewriteResponse((request, { status, json }) =>
      asksFor(request, "GET hash_details") && status === 200 ? { body: { ...json, algorithms: ["sha512"] } } : null,
    ),
  },
  {
    rule: "is-22",
    name: "the pepper has another name",
    wrap: rewriteResponse((request, { status, json }) =>
      asksFor(request, "GET hash_details") && status === 200
        ? { body: { algorithms: json["algorithms"], pepper: json["lookup_pepper"] } }
        : null,
    ),
  },
  lookupFault("is-23", "nobody is found", () => nobody),
  lookupFault("is-23", "hashes are returned with padding", (_request, { json }) => {
    const mappings = Object.entries(isObject(json["mappings"]) ? json["mappings"] : {});
    return { body: { mappings: Object.fromEntries(mappings.map(([hash, user]) => [`${hash}=`, user])) } };
  }),
  lookupFault("is-24", "addresses that nobody has bound are returned too", (request, { json }) => {
    if (!isObject(json["mappings"]) || !Array.isArray(request.json["addresses"])) return null;
    const all = Object.fromEntries(request.json["addresses"].map((address: unknown) => [String(address), ""]));
    return { body: { mappings: { ...all, ...json["mappings"] } } };
  }),
  lookupFault("is-25", "a wrong pepper finds nobody", (_request, { json }) =>
    json["errcode"] === "M_INVALID_PEPPER" ? nobody : null,
  ),
  lookupFault("is-25", "no pepper is needed", ({ json }, { status }) =>
    json["pepper"] === undefined && status === 400 ? nobody : null,
  ),
  lookupFault("is-26", "an unknown algorithm finds nobody", ({ json }, { status }) =>
    !["sha256", "none"].includes(String(json["algorithm"])) && status === 400 ? nobody : null,
  ),
  lookupFault("is-27", "addresses are taken in the clear although that is not offered", ({ json }, { status }) =>
    json["algorithm"] === "none" && status === 400 ? nobody : null,
  ),
  lookupFault("is-28", "a hash of the wrong form is an error", ({ json }) =>
    String(json["addresses"]).includes(" ")
      ? { status: 400, body: { errcode: "M_INVALID_PARAM", error: "No hash" } }
      : null,
  ),
];

function lookupFault(
  rule: string,
  name: string,
  change: (request: SeenRequest, response: SeenResponse) => Change | null,
): Fault {
  return {
    rule,
    name,
    wrap: rewriteResponse((request, response) => (asksFor(request, "POST lookup") ? change(request, response) : null)),
  };
}
