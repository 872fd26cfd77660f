package io.penstock.agent.ingest;

import io.penstock.delivery.spool.StreamId;

/**
 * What a client sent and no record can be made of, though it came with others that can be stored.
 *
 * @param stream where it would have gone
 * @param source the source's name
 * @param tag the Fluentd tag
 * @param reason one line, without what was sent
 * @param bytes as they came; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record DeadEntry(StreamId stream, String source, String tag, String reason, byte[] bytes) {}
