/** The packets of MQTT as bytes: what is read, checked and written. */
@NullMarked
package io.penstock.mqtt.internal.wire;

import org.jspecify.annotations.NullMarked;
