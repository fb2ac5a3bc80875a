import { expect, test } from "vitest";
import { createAddressGuard, isPublicAddress } from "./address-guard.ts";

test.each([
  ["this network", "0.0.0.0"],
  ["private", "10.1.2.3"],
  ["private", "172.31.255.255"],
  ["private", "192.168.0.1"],
  ["carrier-grade NAT", "100.64.0.1"],
  ["loopback", "127.0.0.1"],
  ["loopback", "127.255.0.1"],
  ["link-local", "169.254.169.254"],
  ["benchmarking", "198.19.0.1"],
  ["multicast", "224.0.0.251"],
  ["broadcast", "255.255.255.255"],
  ["unspecified", "::"],
  ["loopback", "::1"],
  ["link-local", "fe80::1"],
  ["unique local", "fd00::1"],
  ["multicast", "ff02::1"],
  ["IPv4-mapped loopback", "::ffff:127.0.0.1"],
  ["IPv4-mapped private in hex", "::ffff:0a00:0001"],
  ["IPv4-mapped, written out", "0:0:0:0:0:ffff:c0a8:1"],
  ["IPv4-compatible", "::127.0.0.1"],
  ["NAT64 of loopback", "64:ff9b::7f00:1"],
  ["6to4 of 10.0.0.1", "2002:a00:1::"],
  ["Teredo", "2001:0:1::1"],
  ["no address", "localhost"],
])("%s %s is not public", (_kind, address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"])("%s is public", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test("the configuration allows networks, addresses and hosts, and nothing beside them", () => {
  const guard = createAddressGuard(["10.0.0.0/8", "fd00::/8", "192.168.1.7", "Matrix.Internal", "other.internal:8448"]);
  expect(["10.9.8.7", "fd12::1", "192.168.1.7", "::ffff:10.0.0.1"].map(guard.allowsAddress)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(["192.168.1.8", "127.0.0.1", "::1"].map(guard.allowsAddress)).toEqual([false, false, false]);
  const hosts = [
    "https://matrix.internal/x",
    "https://other.internal:8448",
    "https://other.internal",
    "https://sub.matrix.internal",
  ];
  expect(hosts.map((url) => guard.allowsHost(new URL(url)))).toEqual([true, true, false, false]);
});

test.each(["10.0.0.0/33", "10.0.0/8", "fd00::/x", "internal/8"])(
  "%s is refused with what a network looks like",
  (network) => {
    expect(() => createAddressGuard([network])).toThrow(`${network} is no network; expected`);
  },
);
