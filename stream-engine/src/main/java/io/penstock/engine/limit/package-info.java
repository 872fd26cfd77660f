/** The rate limits of shards. */
@NullMarked
package io.penstock.engine.limit;

import org.jspecify.annotations.NullMarked;
