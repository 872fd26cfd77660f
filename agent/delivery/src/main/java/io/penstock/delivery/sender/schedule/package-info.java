/** The records that a stream's sender holds, sorted into a lane for each shard, and the pace of each lane. */
@NullMarked
package io.penstock.delivery.sender.schedule;

import org.jspecify.annotations.NullMarked;
