/** What a stream's delivery looks like from outside: its state, counts, use of its shards and costs. */
@NullMarked
package io.penstock.delivery.sender.status;

import org.jspecify.annotations.NullMarked;
