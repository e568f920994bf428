// From which address does a request come? On Node: the socket's word, or a proxy's that is trusted.

import { BlockList, isIP, isIPv6 } from "node:net";
import { networkOf } from "./network.ts";

/** Whose `X-Forwarded-For` is believed. */
export type TrustedProxies = BlockList;

/**
 * Reads `KEYHOUSE_TRUSTED_PROXIES`: addresses and networks such as `127.0.0.1 10.0.0.0/8 ::1`.
 * @throws Error where it cannot be read
 */
export function readProxies(text: string | undefined): TrustedProxies {
  const proxies = new BlockList();
  for (const part of (text ?? "").split(/[\s,]+/).filter(Boolean)) {
    const [address = "", bits] = part.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    const longest = family === "ipv6" ? 128 : 32;
    const prefix = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : NaN;
    if (isIP(address) === 0 || !(prefix >= 0 && prefix <= longest))
      throw new Error(
        `KEYHOUSE_TRUSTED_PROXIES has "${part}": give addresses and networks such as 10.0.0.0/8.`,
      );
    proxies.addSubnet(address, prefix, family);
  }
  return proxies;
}

/** More hops than any chain of proxies has; what a client wrote before them is not looked at. */
const MAX_HOPS = 16;

/**
 * The client's address. Each proxy appends whom it heard from, so the header is read from its end, as long as proxies of
 * ours speak: anything before that a client may have made up.
 * @param socket the other end of the connection
 * @param forwarded the header `X-Forwarded-For`
 */
export function clientAddress(
  socket: string | undefined,
  forwarded: string | undefined,
  proxies: TrustedProxies,
): string | null {
  let address = plain(socket ?? "");
  if (address === null) return null;
  for (const hop of (forwarded ?? "").split(",").slice(-MAX_HOPS).toReversed()) {
    if (!isTrusted(address, proxies)) break;
    const before = plain(hop.trim());
    // Something that is no address came through a proxy of ours: the proxy is the last that we know of.
    if (before === null) break;
    address = before;
  }
  return networkOf(address);
}

const isTrusted = (address: string, proxies: TrustedProxies): boolean =>
  proxies.check(address, isIPv6(address) ? "ipv6" : "ipv4");

/** An IPv4 address may come in IPv6's clothes, and some proxies write brackets and ports. */
function plain(text: string): string | null {
  const bare = text.replace(/^\[([^\]]*)\](:\d+)?$/, "$1").replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1");
  const address = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare;
  return isIP(address) === 0 ? null : address;
}
