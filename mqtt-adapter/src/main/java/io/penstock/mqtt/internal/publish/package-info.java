/** The publishes of one client, and their acknowledgements. */
@NullMarked
package io.penstock.mqtt.internal.publish;

import org.jspecify.annotations.NullMarked;
