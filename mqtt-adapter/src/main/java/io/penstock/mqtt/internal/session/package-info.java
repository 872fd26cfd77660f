/** What a server remembers of a client over its connections, and which connection has it. */
@NullMarked
package io.penstock.mqtt.internal.session;

import org.jspecify.annotations.NullMarked;
