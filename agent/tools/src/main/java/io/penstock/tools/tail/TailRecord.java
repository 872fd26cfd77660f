package io.penstock.tools.tail;

import java.time.Instant;

/**
 * One record of the stream.
 *
 * @param shard the id of its shard
 * @param sequenceNumber decimal
 * @param partitionKey as it was put
 * @param arrived when the stream took it
 * @param data its bytes; the receiver's to keep
 */
@SuppressWarnings("ArrayRecordComponent") // handed on and printed, never compared
public record TailRecord(String shard, String sequenceNumber, String partitionKey, Instant arrived, byte[] data) {}
