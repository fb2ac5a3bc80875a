/** A place inside an operation, event or definition as people would write it: `200 rooms.join{}.summary type`. */
export function placeText(at: readonly string[]): string {
  let text = "";
  for (const [index, name] of at.entries()) {
    const container = at[index - 1];
    if (structural.has(name) && !isName(container)) text += symbols[name] ?? "";
    else if (isField(container)) text += text === "" || text.endsWith(" ") ? name : `.${name}`;
    else text += text === "" || text.endsWith(" ") ? name : ` ${name}`;
  }
  return text;
}

/**
 * The part of a place that a shared schema would repeat: from its innermost field or parameter on; undefined where
 * there is none.
 */
export function tailOf(at: readonly string[]): string | undefined {
  const start = at.findLastIndex((name, index) => isName(name) && index < at.length - 1 && !isName(at[index - 1]));
  return start === -1 ? undefined : placeText(at.slice(start));
}

/** Names that say what follows and are not worth a word of their own. */
const structural = new Set([
  "params",
  "properties",
  "patternProperties",
  "responses",
  "content",
  "application/json",
  "requestBody",
  "items",
  "additionalProperties",
]);

const symbols: Readonly<Record<string, string>> = {
  requestBody: "body ",
  items: "[]",
  additionalProperties: "{}",
  content: "",
};

/** After these, a name is one that the specification gives, whatever it is. */
function isName(name: string | undefined): boolean {
  return name === "properties" || name === "patternProperties" || name === "params" || name === "headers";
}

function isField(name: string | undefined): boolean {
  return name === "properties" || name === "patternProperties";
}
