import { errcodesNamedIn } from "./errcodes-in.ts";
import { fieldsOf, isObject, itemsOf, type JsonObject } from "./json.ts";
import { listedErrcodes, type Page } from "./text-facts.ts";

/** Every error code of both APIs: where it is listed, and which operations name it under which status. */
export function errcodeFacts(
  operations: Readonly<Record<Page["api"], readonly JsonObject[]>>,
  pages: readonly Page[],
  version: string,
): JsonObject[] {
  const lists = listedErrcodes(pages, version);
  const apis = ["client-server", "identity"] as const;
  const byApi = apis.map((api) => {
    const texts = pages.filter((page) => page.api === api);
    const listed = new Map(lists.filter((entry) => entry["api"] === api).map((entry) => [entry["errcode"], entry]));
    return [api, codesOf(operations[api], texts, listed)] as const;
  });
  const codes = [...new Set(byApi.flatMap(([, found]) => [...found.keys()]))].toSorted();
  return codes.map((errcode) => {
    const places = byApi.filter(([, found]) => found.has(errcode));
    return {
      errcode,
      apis: places.map(([api]) => api),
      ...Object.fromEntries(places.map(([api, found]) => [api, found.get(errcode)])),
    };
  });
}

function codesOf(
  operations: readonly JsonObject[],
  pages: readonly Page[],
  listed: ReadonlyMap<unknown, JsonObject>,
): Map<string, JsonObject> {
  const uses = operations.flatMap(usesIn);
  const codes = new Set([...uses.map(({ errcode }) => errcode), ...pages.flatMap(codesOnPage)]);
  return new Map(
    [...codes].map((errcode) => {
      const own = uses.filter((use) => use.errcode === errcode);
      const answers = own.filter(({ status }) => status !== undefined);
      const elsewhere = own.filter(({ status }) => status === undefined).map(({ operationId }) => operationId);
      const added = answers.filter(({ addedIn }) => addedIn !== undefined);
      const named = pages.filter((page) => codesOnPage(page).includes(errcode)).map(({ name }) => name);
      const { listed: list = null, addedIn } = listed.get(errcode) ?? {};
      return [
        errcode,
        {
          listed: list,
          ...(addedIn !== undefined && { addedIn }),
          statuses: grouped(answers, ({ status }) => status ?? ""),
          ...(elsewhere.length > 0 && { operationsElsewhere: elsewhere.toSorted() }),
          ...(added.length > 0 && { addedInFor: grouped(added, (use) => use.addedIn ?? "") }),
          ...(named.length > 0 && { pages: named.toSorted() }),
        },
      ];
    }),
  );
}

interface Use {
  readonly errcode: string;
  readonly operationId: string;
  /** None where the operation names the code outside its responses. */
  readonly status: string | undefined;
  readonly addedIn: string | undefined;
}

function usesIn({ operationId, responses, errcodesElsewhere }: JsonObject): Use[] {
  const use = (errcode: unknown, status?: string, addedIn?: unknown): Use => ({
    errcode: String(errcode),
    operationId: String(operationId),
    status,
    addedIn: addedIn === undefined ? undefined : String(addedIn),
  });
  const answers = fieldsOf(responses).flatMap(([status, response]) => {
    const { errcodes, errcodesAddedIn } = response as JsonObject; // responseFacts made it
    const added = isObject(errcodesAddedIn) ? errcodesAddedIn : {};
    return itemsOf(errcodes).map((errcode) => use(errcode, status, added[String(errcode)]));
  });
  return [...answers, ...itemsOf(errcodesElsewhere).map((errcode) => use(errcode))];
}

function grouped(uses: readonly Use[], keyOf: (use: Use) => string): JsonObject {
  const groups = Object.groupBy(uses, keyOf);
  return Object.fromEntries(
    fieldsOf(groups).map(([key, members]) => [
      key,
      (members as Use[]).map(({ operationId }) => operationId).toSorted(), // groupBy's own type allows none
    ]),
  );
}

/** `M_EXAMPLE_ERROR` stands for any code where pages show what errors look like. */
function codesOnPage({ text }: Page): string[] {
  return errcodesNamedIn(text).filter((code) => code !== "M_EXAMPLE_ERROR");
}
