// Publishes with MQTT.js in both protocol versions at every QoS and prints the payloads that were acknowledged.
import mqtt from "mqtt";

const acknowledged = [];
for (const protocolVersion of [4, 5]) {
  const client = await mqtt.connectAsync(process.argv[2], { protocolVersion, clientId: `js-${protocolVersion}` });
  for (const qos of [0, 1, 2]) {
    for (let n = 0; n < 10; n++) {
      const payload = `js v${protocolVersion} qos ${qos} number ${n} ✓`;
      await client.publishAsync("raw/js", payload, { qos });
      acknowledged.push(payload);
    }
  }
  await client.endAsync();
}
console.log(JSON.stringify(acknowledged));
