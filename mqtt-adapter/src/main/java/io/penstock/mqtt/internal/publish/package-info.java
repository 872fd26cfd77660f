/** The publishes of one client, and the acknowledgements that it is owed. */
@NullMarked
package io.penstock.mqtt.internal.publish;

import org.jspecify.annotations.NullMarked;
