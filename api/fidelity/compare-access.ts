import { compareSchemas } from "./compare-schemas.ts";
import type { Difference, Finding } from "./difference.ts";
import { type Api, readFacts } from "./facts.ts";
import { readOperations, type Root } from "./operation.ts";
import { ourSchema } from "./parameter-schema.ts";
import type { Source } from "./source.ts";

/** Where tokens are sent. */
export function compareSecuritySchemes(source: Source, api: Api): Difference[] {
  const { securitySchemes } = readFacts(api);
  const { components: { securitySchemes: ours = {} } = {} } = source.read<Root>(`${api}/openapi.yaml`);
  return Object.entries(securitySchemes).flatMap(([where, scheme]): Difference[] => {
    const found = ours[where];
    if (!found) return [{ api, where, at: "", kind: "undescribed", upstream: "a security scheme", ours: "absent" }];
    const mine = source.follow(found);
    return (["type", "scheme", "name", "in"] as const)
      .filter((key) => scheme[key] !== mine[key])
      .map((at) => ({ api, where, at, kind: "value", upstream: String(scheme[at]), ours: String(mine[at]) }));
  });
}

/** What an application service may add to every request that takes a token. */
export function compareCallerParameters(source: Source): Difference[] {
  const { proseOnlyFields } = readFacts("client-server");
  const { components: { parameters = {} } = {} } = source.read<Root>("client-server/openapi.yaml");
  const components = Object.values(parameters).map((parameter) => source.follow(parameter));
  const operations = readOperations(source, "client-server").filter(({ auth }) => auth.mode === "required");
  return proseOnlyFields
    .flatMap(({ operationId, params = [] }) => (operationId === "*" ? params : []))
    .flatMap(({ name, in: place, required: _required, ...fact }): Finding[] => {
      const at = `parameters.${place}.${name}`;
      const isIt = (parameter: { name: string; in: string }) => parameter.name === name && parameter.in === place;
      const without = operations.filter((operation) => !operation.parameters.some(isIt)).length;
      const ours = components.find(isIt);
      const upstream = "a parameter of every operation, for application services";
      return [
        ...(ours ? compareSchemas(fact, [ourSchema(ours)], { at, follow: source.follow }) : []),
        ...(without > 0 ? [{ at, kind: "missing", upstream, ours: `absent from ${without} operations` } as const] : []),
      ];
    })
    .map((finding) => ({ api: "client-server", where: "*", ...finding }));
}
