/**
 * The sender: sends the records of each spool to their stream until every record is stored or written to the dead
 * letters. It fills calls, keeps to the pace of each shard, and keeps the order per partition key.
 */
@NullMarked
package io.penstock.delivery.sender;

import org.jspecify.annotations.NullMarked;
