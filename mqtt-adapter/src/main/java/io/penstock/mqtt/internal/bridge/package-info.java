/** The insides of a bridge: its connections to a broker, its sessions, and what is owed to the broker. */
@NullMarked
package io.penstock.mqtt.internal.bridge;

import org.jspecify.annotations.NullMarked;
