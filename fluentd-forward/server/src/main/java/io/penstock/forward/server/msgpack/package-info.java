/** Events in msgpack that come another way than by the forward protocol. */
@NullMarked
package io.penstock.forward.server.msgpack;

import org.jspecify.annotations.NullMarked;
