/**
 * An MQTT 3.1, 3.1.1 and 5 server that accepts publishes and acknowledges each one when its {@link
 * io.penstock.mqtt.PublishHandler} reports that it is durable. It delivers nothing to subscribers: subscriptions are
 * refused.
 */
@NullMarked
package io.penstock.mqtt;

import org.jspecify.annotations.NullMarked;
