/** The packets of MQTT as bytes: reading, checking and writing. */
@NullMarked
package io.penstock.mqtt.internal.wire;

import org.jspecify.annotations.NullMarked;
