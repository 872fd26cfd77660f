/** What all connections of one server share. */
@NullMarked
package io.penstock.mqtt.internal.context;

import org.jspecify.annotations.NullMarked;
