import type { Api } from "./facts.ts";
import type { Operation } from "./operation.ts";
import type { Source } from "./source.ts";

interface CommonErrors {
  readonly merged: readonly Rule[];
  readonly anywhere: readonly { readonly errcode: string; readonly status: number }[];
}

interface Rule {
  readonly errcode: string;
  readonly status: number;
  readonly when?: string;
  readonly except?: readonly string[];
}

/** The codes that common-errors.yaml adds to a status of an operation. */
export function commonErrcodes(source: Source, api: Api, operation: Operation, status: string): string[] {
  const { merged } = source.read<CommonErrors>(`${api}/common-errors.yaml`);
  return merged
    .filter((rule) => String(rule.status) === status && !rule.except?.includes(operation.operationId))
    .filter(({ when = "always" }) => {
      const applies = conditions[when];
      if (!applies) throw new Error(`${api}/common-errors.yaml has the unknown condition "${when}".`);
      return applies(operation);
    })
    .map(({ errcode }) => errcode);
}

/** The codes that common-errors.yaml lists, with their statuses. */
export function listedErrcodes(source: Source, api: Api): [errcode: string, status: string][] {
  const { merged, anywhere } = source.read<CommonErrors>(`${api}/common-errors.yaml`);
  return [...merged, ...anywhere].map(({ errcode, status }) => [errcode, String(status)]);
}

const conditions: Readonly<Record<string, (operation: Operation) => boolean>> = {
  always: () => true,
  "json-body": ({ requestBody }) => requestBody?.content["application/json"] !== undefined,
  authenticated: ({ auth }) => auth.mode === "required",
  "token-accepted": ({ auth }) => auth.mode !== "none",
  "guest-forbidden": ({ auth, guest }) => auth.mode !== "none" && guest !== true,
  parameters: ({ parameters }) => parameters.some((parameter) => parameter.in === "path" || parameter.in === "query"),
  "required-query": ({ parameters }) => parameters.some(({ in: place, required }) => place === "query" && required),
};
