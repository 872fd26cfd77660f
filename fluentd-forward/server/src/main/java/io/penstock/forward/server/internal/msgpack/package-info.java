/** The msgpack format, read from bytes without objects for its values. */
@NullMarked
package io.penstock.forward.server.internal.msgpack;

import org.jspecify.annotations.NullMarked;
