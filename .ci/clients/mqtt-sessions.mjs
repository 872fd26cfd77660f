// Publishes with MQTT.js, in a session that outlives its connections, with both protocol versions and QoS 1 and 2, whatever
// happens to the server. Prints a line for each publish: "acknowledged" or "failed" and its payload, "done" at the end.
// node mqtt-sessions.mjs URL COUNT
import mqtt from "mqtt";

const [url, count] = process.argv.slice(2);
await Promise.all([4, 5].flatMap((protocolVersion) => [1, 2].map(async (qos) => {
  const name = `js-${protocolVersion}-${qos}`;
  const client = mqtt.connect(url, {
    protocolVersion, clientId: name, clean: false, reconnectPeriod: 200, connectTimeout: 60_000,
    properties: protocolVersion === 5 ? { sessionExpiryInterval: 600 } : undefined,
  });
  client.on("error", () => {}); // It connects again.
  let left = Number(count);
  await new Promise((done) => {
    for (let n = 0; n < Number(count); n++) {
      const payload = `${name} ${n}`;
      client.publish(`sessions/${name}`, payload, { qos }, (failure) => {
        console.log(failure ? `failed ${payload}: ${failure.message}` : `acknowledged ${payload}`);
        if (--left === 0) done();
      });
    }
  });
  await client.endAsync(true);
})));
console.log("done");
