/** Counts the memory that the clients of a server hold, by use. */
@NullMarked
package io.penstock.mqtt.internal.limits;

import org.jspecify.annotations.NullMarked;
