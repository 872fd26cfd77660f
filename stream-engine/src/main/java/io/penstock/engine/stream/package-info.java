/** Streams, shards, sequence numbers, iterators: the concepts of Kinesis, without HTTP. */
@NullMarked
package io.penstock.engine.stream;

import org.jspecify.annotations.NullMarked;
