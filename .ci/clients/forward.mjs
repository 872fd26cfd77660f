// Sends with @fluent-org/logger in each of its modes and waits for every acknowledgement; prints the tags and events
// that were acknowledged. With a certificate, a key, a user and a password it speaks TLS and logs in.
import { readFileSync } from "node:fs";
import { EventTime, FluentClient } from "@fluent-org/logger";

const [address, certificate, sharedKey, username, password] = process.argv.slice(2);
const [host, port] = address.split(":");
const guarded = certificate && {
  security: { clientHostname: "client.example", sharedKey, username, password },
};
const tls = certificate && { tls: { ca: readFileSync(certificate) } };
const acknowledged = [];
for (const eventMode of ["Message", "Forward", "PackedForward", "CompressedPackedForward"]) {
  const client = new FluentClient("js", {
    eventMode,
    ack: { ackTimeout: 20_000 },
    socket: { host, port: Number(port), timeout: 10_000, ...tls },
    flushInterval: 50,
    ...guarded,
  });
  await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      const event = { mode: eventMode, n, text: `Grüße ${n} ☂`, nested: { list: [1, 2.5, null, true] } };
      await client.emit("app", event, new EventTime(1_700_000_000, n * 1_000_000));
      acknowledged.push({ tag: "js.app", event });
    }),
  );
  await client.shutdown();
}
console.log(JSON.stringify(acknowledged));
