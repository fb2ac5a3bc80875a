/** Names a network of an application service among all of them, for the filter of the room directory. */
export function instanceId(serviceId: string, networkId: string): string {
  return `${encodeURIComponent(serviceId)}|${networkId}`;
}

/** What an instance ID was made from; nothing that there is for any other text. */
export function networkOf(instance: string | undefined): { readonly serviceId: string; readonly networkId: string } {
  const [, serviceId = "", networkId = ""] = /^([^|]*)\|(.*)$/s.exec(instance ?? "") ?? [];
  try {
    return { serviceId: decodeURIComponent(serviceId), networkId };
  } catch {
    return { serviceId: "", networkId: "" };
  }
}
