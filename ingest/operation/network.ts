// Pure. Which addresses are one caller's?

/** A customer of any provider has a network of 64 bits in IPv6, and may ask from each of its addresses. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  // The URL standard writes an address in one way only: https://url.spec.whatwg.org/#concept-ipv6-serializer
  const written = new URL(`http://[${address.replace(/%.*$/, "")}]`).hostname.slice(1, -1);
  const [head = "", tail] = written.split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":"));
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(missing).fill("0"), ...groups(tail ?? "")];
  return `${all.slice(0, 4).join(":")}::/64`;
}
