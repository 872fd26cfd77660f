/**
 * An MQTT 3.1, 3.1.1 and 5 server that takes publishes and acknowledges each one when its {@link
 * io.penstock.mqtt.PublishHandler} says that it is durable. It delivers to nobody: subscriptions are refused.
 */
@NullMarked
package io.penstock.mqtt;

import org.jspecify.annotations.NullMarked;
