/** How much memory the clients of a server hold, counted by use. */
@NullMarked
package io.penstock.mqtt.internal.limits;

import org.jspecify.annotations.NullMarked;
