/**
 * A bridge: an MQTT client that subscribes to a broker and passes what the broker delivers to a {@link
 * io.penstock.mqtt.bridge.BridgeHandler}. The broker gets its acknowledgement when the handler reports that the publish
 * is durable.
 */
@NullMarked
package io.penstock.mqtt.bridge;

import org.jspecify.annotations.NullMarked;
