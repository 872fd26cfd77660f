/** One connection: handshake, messages in their order, acknowledgements, its end. */
@NullMarked
package io.penstock.forward.server.internal.connection;

import org.jspecify.annotations.NullMarked;
