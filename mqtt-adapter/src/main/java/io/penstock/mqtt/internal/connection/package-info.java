/** One connection from its first byte to its end. */
@NullMarked
package io.penstock.mqtt.internal.connection;

import org.jspecify.annotations.NullMarked;
