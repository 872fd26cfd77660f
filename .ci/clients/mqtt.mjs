// Publishes with MQTT.js in both protocol versions at every QoS and prints the payloads that were acknowledged.
// node mqtt.mjs URL [USER PASSWORD LABEL]
import mqtt from "mqtt";

const [url, username, password, label = "js"] = process.argv.slice(2);
const acknowledged = [];
for (const protocolVersion of [4, 5]) {
  const client = await mqtt.connectAsync(url, {
    protocolVersion, clientId: `js-${protocolVersion}`, username, password,
  });
  for (const qos of [0, 1, 2]) {
    for (let n = 0; n < 10; n++) {
      const payload = `${label} v${protocolVersion} qos ${qos} number ${n} ✓`;
      await client.publishAsync("raw/js", payload, { qos });
      acknowledged.push(payload);
    }
  }
  await client.endAsync();
}
console.log(JSON.stringify(acknowledged));
