/** From the first packet to the admitted client. */
@NullMarked
package io.penstock.mqtt.internal.connect;

import org.jspecify.annotations.NullMarked;
