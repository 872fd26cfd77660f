/** The status of a stream's delivery: its state, counts, use of its shards and costs. */
@NullMarked
package io.penstock.delivery.sender.status;

import org.jspecify.annotations.NullMarked;
