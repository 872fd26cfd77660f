/** The records that a stream's sender holds, in one lane per shard, and the pace of each lane. */
@NullMarked
package io.penstock.delivery.sender.schedule;

import org.jspecify.annotations.NullMarked;
