import { BlockList, isIP } from "node:net";

/** Decides about addresses: those of the public internet, and what the configuration allows beside them. */
export interface AddressGuard {
  /** True for `host` or `host:port` as configured: the host may have any address. */
  allowsHost(url: URL): boolean;
  allowsAddress(address: string): boolean;
}

export class AllowListError extends Error {
  override readonly name = "AllowListError";
}

/** `true` allows everything; a list names hosts, addresses and networks in CIDR form. */
export function createAddressGuard(allowPrivate: boolean | readonly string[]): AddressGuard {
  if (allowPrivate === true) return { allowsHost: () => true, allowsAddress: () => true };
  const networks = new BlockList();
  const hosts = new Set<string>();
  for (const entry of allowPrivate === false ? [] : allowPrivate) {
    if (isIP(entry) !== 0) networks.addAddress(entry, familyOf(entry));
    else if (entry.includes("/")) addNetwork(networks, entry);
    else hosts.add(entry.toLowerCase());
  }
  return {
    allowsHost: (url) => hosts.has(url.hostname) || hosts.has(url.host),
    allowsAddress: (address) => networks.check(address, familyOf(address)) || isPublicAddress(address),
  };
}

/** Public means routed on the internet and meant for one host; an IPv4 address inside an IPv6 one is judged as IPv4. */
export function isPublicAddress(address: string): boolean {
  const mapped = ipv4Mapped(address);
  if (mapped !== null) return isPublicAddress(mapped);
  if (isIP(address) === 4) return !specialIpv4.check(address, "ipv4");
  return isIP(address) === 6 && globalUnicast.check(address, "ipv6") && !specialIpv6.check(address, "ipv6");
}

/** IANA's special-purpose registries, and multicast. */
const specialIpv4 = blockList("ipv4", [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
]);

/** Loopback, link-local, unique local, multicast and NAT64 all lie outside of it. */
const globalUnicast = blockList("ipv6", ["2000::/3"]);

/** Tunnels that carry an IPv4 address (Teredo, 6to4), documentation, and protocol assignments. */
const specialIpv6 = blockList("ipv6", [
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "2620:4f:8000::/48",
  "3fff::/20",
  "5f00::/16",
]);

function blockList(family: "ipv4" | "ipv6", networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix] = network.split("/");
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

function addNetwork(list: BlockList, network: string): void {
  const [address = "", prefix = ""] = network.split("/");
  const bits = isIP(address) === 4 ? 32 : 128;
  if (isIP(address) === 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) {
    throw new AllowListError(
      `${network} is no network; expected an address, a slash and the prefix length, as in 10.0.0.0/8`,
    );
  }
  list.addSubnet(address, Number(prefix), familyOf(address));
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 4 ? "ipv4" : "ipv6";
}

/** `::ffff:10.0.0.1`, however it is written, is the IPv4 address that the connection would go to. */
function ipv4Mapped(address: string): string | null {
  if (isIP(address) !== 6) return null;
  const normal = new URL(`http://[${address.split("%")[0]}]`).hostname;
  const groups = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(normal);
  if (groups === null) return null;
  const high = Number.parseInt(groups[1] ?? "", 16);
  const low = Number.parseInt(groups[2] ?? "", 16);
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
