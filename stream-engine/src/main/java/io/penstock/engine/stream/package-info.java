/**
 * Streams, shards, sequence numbers, iterators: what Kinesis means, without HTTP.
 */
@NullMarked
package io.penstock.engine.stream;

import org.jspecify.annotations.NullMarked;
