/** The console of the stream engine: its streams, shards and readers, a live tail, and changes of shards. */
@NullMarked
package io.penstock.agent.console;

import org.jspecify.annotations.NullMarked;
