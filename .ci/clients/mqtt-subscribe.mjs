// Subscribes at its start and goes no further when that fails, as zigbee2mqtt does with MQTT.js; then publishes.
// node mqtt-subscribe.mjs URL
import mqtt from "mqtt";

for (const protocolVersion of [4, 5]) {
  const client = await mqtt.connectAsync(process.argv[2], { protocolVersion, clientId: `z2m-${protocolVersion}` });
  try {
    await client.subscribeAsync("zigbee2mqtt/#");
    await client.publishAsync("zigbee2mqtt/bridge/state", `online ${protocolVersion}`, { qos: 1 });
    await client.unsubscribeAsync("zigbee2mqtt/#");
  } catch (refused) {
    console.error(`refused: ${refused.message}`);
    process.exit(1);
  }
  await client.endAsync();
}
