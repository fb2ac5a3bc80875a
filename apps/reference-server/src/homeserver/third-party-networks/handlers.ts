import type { components } from "@matrix-openapi/definitions/client-server";
import { error, ok } from "@matrix-openapi/server";
import { applicationServices } from "../application-services/services.ts";
import type { Handlers, Home } from "../home.ts";
import { askServices } from "./asked-services.ts";
import type { ServiceAnswer } from "./asked-services.ts";
import { instanceId } from "./instance-id.ts";

type Protocol = components["schemas"]["ThirdPartyProtocol"];
type Location = components["schemas"]["ThirdPartyLocation"];
type User = components["schemas"]["ThirdPartyUser"];

/** All of it is known to the application services only: https://spec.matrix.org/v1.19/client-server-api/#third-party-networks */
export function thirdPartyNetworkHandlers(
  home: Home,
): Handlers<
  | "getProtocols"
  | "getProtocolMetadata"
  | "queryLocationByProtocol"
  | "queryUserByProtocol"
  | "queryLocationByAlias"
  | "queryUserByID"
> {
  const protocolOf = async (protocol: string): Promise<Protocol | undefined> => {
    const path = `/protocol/${encodeURIComponent(protocol)}`;
    return merged(await askServices<Protocol>(home, { path, protocol, operationId: "getProtocolMetadata" }));
  };

  return {
    async getProtocols() {
      const names = new Set(applicationServices(home).flatMap(({ registration }) => registration.protocols ?? []));
      const protocols = await Promise.all([...names].map(async (name) => [name, await protocolOf(name)] as const));
      return ok(Object.fromEntries(protocols.filter((entry): entry is [string, Protocol] => entry[1] !== undefined)));
    },

    async getProtocolMetadata({ params }) {
      const protocol = await protocolOf(params.path.protocol);
      return protocol === undefined ? unknownProtocol : ok(protocol);
    },

    async queryLocationByProtocol({
      params: {
        path: { protocol },
      },
      request,
    }) {
      const path = `/location/${encodeURIComponent(protocol)}${fieldsOf(request)}`;
      const found = await askServices<Location[]>(home, { path, protocol, operationId: "queryLocationByAlias" });
      return anyOf(found.flatMap(({ answer }) => answer));
    },

    async queryUserByProtocol({
      params: {
        path: { protocol },
      },
      request,
    }) {
      const path = `/user/${encodeURIComponent(protocol)}${fieldsOf(request)}`;
      const found = await askServices<User[]>(home, { path, protocol, operationId: "queryUserByID" });
      return anyOf(found.flatMap(({ answer }) => answer));
    },

    async queryLocationByAlias({ params }) {
      const path = `/location?${String(new URLSearchParams({ alias: params.query.alias }))}`;
      const found = await askServices<Location[]>(home, { path, operationId: "queryLocationByAlias" });
      return anyOf(found.flatMap(({ answer }) => answer));
    },

    async queryUserByID({ params }) {
      const path = `/user?${String(new URLSearchParams({ userid: params.query.userid }))}`;
      const found = await askServices<User[]>(home, { path, operationId: "queryUserByID" });
      return anyOf(found.flatMap(({ answer }) => answer));
    },
  };
}

const unknownProtocol = error(404, "M_NOT_FOUND", "No application service here connects to this protocol.");

function anyOf<T>(found: readonly T[]) {
  return found.length === 0
    ? error(404, "M_NOT_FOUND", "No application service here knows anything of this.")
    : ok([...found]);
}

/** Several services may connect to networks of one protocol; what else there is to say of it, the first one says. */
function merged(answers: readonly ServiceAnswer<Protocol>[]): Protocol | undefined {
  const [first] = answers;
  if (first === undefined) return undefined;
  const instances = answers.flatMap(({ service, answer }) =>
    answer.instances.map((network) => ({ ...network, instance_id: instanceId(service.id, network.network_id) })),
  );
  return { ...first.answer, instances };
}

/** Whatever the protocol asks for; the rest is the client's own. */
function fieldsOf(request: Request): string {
  const fields = new URL(request.url).searchParams;
  for (const name of ["access_token", "user_id", "device_id"]) fields.delete(name);
  return fields.size === 0 ? "" : `?${String(fields)}`;
}
