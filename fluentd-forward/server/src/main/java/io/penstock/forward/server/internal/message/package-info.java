/** The messages of the forward protocol: where one ends, what is in it, and which chunk was sent before. */
@NullMarked
package io.penstock.forward.server.internal.message;

import org.jspecify.annotations.NullMarked;
