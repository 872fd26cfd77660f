package io.penstock.agent.http.post;

import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.EntryBlock;

/**
 * Records of one request for one stream.
 *
 * @param bytes of the records as the stream gets them
 */
public record Filled(StreamId stream, EntryBlock block, long bytes) {}
