/** Following a stream live, against the stream engine or any Kinesis endpoint. */
@NullMarked
package io.penstock.tools.tail;

import org.jspecify.annotations.NullMarked;
