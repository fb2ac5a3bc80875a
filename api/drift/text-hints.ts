import { fieldsOf, isObject, itemsOf, type JsonObject } from "./json.ts";

/**
 * What a description says about its schema in one of the wordings that upstream keeps to, and the schema itself does
 * not.
 */
export function textHints(node: JsonObject, description: unknown = node["description"]): JsonObject {
  const text = typeof description === "string" ? description.replaceAll(/\s+/g, " ") : "";
  const byDefault = "default" in node ? undefined : defaultIn(text, node);
  const pattern = "pattern" in node ? undefined : patternIn(text);
  return {
    ...(byDefault !== undefined && { defaultInText: byDefault }),
    ...(pattern !== undefined && { patternInText: pattern }),
    ...requirementHints(node),
  };
}

/** "Defaults to `x`.", "The default is `x`.", "By default, this is `x`.", "(default `x`)", "`x` (the default)". */
function defaultIn(text: string, node: JsonObject): unknown {
  const said =
    /(?:[Dd]efaults to|[Tt]he default is|[Bb]y default,? this is|\(default|[Dd]efault:|[Dd]efaults to the) (?:`"?(?<quoted>[^`"]+)"?`|(?<bare>\d+)\b|(?:an|the) (?<empty>empty string))/.exec(
      text,
    ) ?? /`(?<quoted>[^`]+)` \(the default\)/.exec(text);
  const { quoted, bare, empty } = said?.groups ?? {};
  if (empty !== undefined) return "";
  const value = quoted ?? bare;
  if (value === undefined || node["type"] === "string") return value;
  return /^(?:true|false|-?\d+)$/.test(value) ? (JSON.parse(value) as unknown) : value;
}

/** "… the characters `[a-z]`. … must not exceed 255 characters and must not be empty." */
function patternIn(text: string): string | undefined {
  const { characters, most } =
    /the characters `(?<characters>\[[^`]+\])`.*not exceed (?<most>\d+) characters.*not be empty/.exec(text)?.groups ??
    {};
  return characters === undefined ? undefined : `^${characters}{1,${most}}$`;
}

const conditional =
  /(?:^|[.)] |\*\* )(?:This is r|\**R)equired\**(?: \(not deprecated\))? (?:if|when|for|with|otherwise)\b|Otherwise this is required/;

/** "Required if …" makes a field required sometimes; "At least one of `a` or `b` is required" makes a group. */
function requirementHints({ properties, required }: JsonObject): JsonObject {
  const always = new Set(itemsOf(required));
  const sometimes: string[] = [];
  const groups = new Set<string>();
  for (const [name, property] of fieldsOf(properties)) {
    const text = isObject(property) ? String(property["description"] ?? "").replaceAll(/\s+/g, " ") : "";
    const group = /[Aa]t least one of (?<names>(?:`[^`]+`(?:,? or |, | )?)+)is required/.exec(text)?.groups?.["names"];
    if (group !== undefined) groups.add(JSON.stringify([...group.matchAll(/`([^`]+)`/g)].map(([, n]) => n).toSorted()));
    else if (!always.has(name) && conditional.test(text)) {
      sometimes.push(name);
    }
  }
  return {
    ...(sometimes.length > 0 && { requiredSometimes: sometimes.toSorted() }),
    ...(groups.size > 0 && { requiredOneOf: [...groups].map((group) => JSON.parse(group) as unknown) }),
  };
}
