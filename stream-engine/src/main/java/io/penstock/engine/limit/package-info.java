/** Rates that shards keep to when limits are enforced. */
@NullMarked
package io.penstock.engine.limit;

import org.jspecify.annotations.NullMarked;
