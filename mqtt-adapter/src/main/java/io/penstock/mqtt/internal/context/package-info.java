/** What all connections of one server share, and how they wait for the store. */
@NullMarked
package io.penstock.mqtt.internal.context;

import org.jspecify.annotations.NullMarked;
