// Loaded before a program, and inherited by those that it starts: every attempt to leave the machine fails loudly.

import dns from "node:dns";
import net from "node:net";
import { syncBuiltinESMExports } from "node:module";

function refuse(what: string): never {
  process.stderr.write(`NETWORK: ${what}\n`);
  // Not to be caught and forgotten by whoever asked.
  process.exit(86);
}

dns.lookup = ((name: string) => refuse(`lookup of ${name}`)) as unknown as typeof dns.lookup;
net.Socket.prototype.connect = () => refuse("connection");
syncBuiltinESMExports();
