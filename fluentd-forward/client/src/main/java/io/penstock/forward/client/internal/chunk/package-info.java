/** Chunks on their way through the client: in memory, and in the spill file. */
@NullMarked
package io.penstock.forward.client.internal.chunk;

import org.jspecify.annotations.NullMarked;
