/** Streams in on-demand mode: how many shards they have. */
@NullMarked
package io.penstock.engine.capacity;

import org.jspecify.annotations.NullMarked;
