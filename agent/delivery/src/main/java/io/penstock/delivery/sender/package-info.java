/**
 * The sender: takes the records of each spool to their stream, in full calls, per shard at the pace that the shard
 * takes, in order per partition key, until every one is stored or written to the dead letters.
 */
@NullMarked
package io.penstock.delivery.sender;

import org.jspecify.annotations.NullMarked;
