/** Following a stream live, against the stream engine or any Kinesis endpoint. */
@NullMarked
package io.penstock.agent.tail;

import org.jspecify.annotations.NullMarked;
