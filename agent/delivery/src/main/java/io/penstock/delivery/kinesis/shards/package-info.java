/** The shards of a stream, and the calls that list and create streams. */
@NullMarked
package io.penstock.delivery.kinesis.shards;

import org.jspecify.annotations.NullMarked;
