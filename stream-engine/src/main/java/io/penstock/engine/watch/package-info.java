/** What is watched of streams beside the meters: the traffic of each shard, and who reads it. */
@NullMarked
package io.penstock.engine.watch;

import org.jspecify.annotations.NullMarked;
