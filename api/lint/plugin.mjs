import { componentNames } from "./rules/component-names.mjs";
import { descriptions } from "./rules/descriptions.mjs";
import { errorResponses } from "./rules/error-responses.mjs";
import { eventFiles } from "./rules/event-files.mjs";
import { examples } from "./rules/examples.mjs";
import { integerBounds } from "./rules/integer-bounds.mjs";
import { keyOrder } from "./rules/key-order.mjs";
import { knownExtensions } from "./rules/known-extensions.mjs";
import { mapKeys } from "./rules/map-keys.mjs";
import { namedObjects } from "./rules/named-objects.mjs";
import { noBareObject } from "./rules/no-bare-object.mjs";
import { noMultiType } from "./rules/no-multi-type.mjs";
import { noNull } from "./rules/no-null.mjs";
import { noPatternProperties } from "./rules/no-pattern-properties.mjs";
import { oneJsonMediaType } from "./rules/one-json-media-type.mjs";
import { oneofDiscriminator } from "./rules/oneof-discriminator.mjs";
import { operationId } from "./rules/operation-id.mjs";
import { redirectLocation } from "./rules/redirect-location.mjs";
import { refsStayHome } from "./rules/refs-stay-home.mjs";
import { securityStated } from "./rules/security-stated.mjs";
import { userInteractiveAuth } from "./rules/user-interactive-auth.mjs";
import { wholeBranches } from "./rules/whole-branches.mjs";
import { wholeNodesOnly } from "./whole-nodes.mjs";

const rules = {
  "component-names": componentNames,
  descriptions,
  "error-responses": errorResponses,
  "event-files": eventFiles,
  examples,
  "integer-bounds": integerBounds,
  "key-order": keyOrder,
  "known-extensions": knownExtensions,
  "map-keys": mapKeys,
  "named-objects": namedObjects,
  "no-bare-object": noBareObject,
  "no-multi-type": noMultiType,
  "no-null": noNull,
  "no-pattern-properties": noPatternProperties,
  "one-json-media-type": oneJsonMediaType,
  "oneof-discriminator": oneofDiscriminator,
  "operation-id": operationId,
  "redirect-location": redirectLocation,
  "refs-stay-home": refsStayHome,
  "security-stated": securityStated,
  "user-interactive-auth": userInteractiveAuth,
  "whole-branches": wholeBranches,
};

/** The house rules of how this description is written, as `matrix/<rule>` for Redocly's linter. */
// oxlint-disable-next-line import/no-default-export -- Redocly loads a plugin by its default export
export default function matrixPlugin() {
  return {
    id: "matrix",
    rules: { oas3: Object.fromEntries(Object.entries(rules).map(([id, rule]) => [id, wholeNodesOnly(rule)])) },
    configs: {
      "house-rules": {
        rules: Object.fromEntries(Object.keys(rules).map((id) => [`matrix/${id}`, "error"])),
      },
    },
  };
}
