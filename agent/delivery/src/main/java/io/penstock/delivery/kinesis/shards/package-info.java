/** The shards of a stream and the calls that tell of them or change them. */
@NullMarked
package io.penstock.delivery.kinesis.shards;

import org.jspecify.annotations.NullMarked;
