package io.penstock.agent.http;

import io.penstock.agent.spool.StreamId;
import io.penstock.log.EntryBlock;

/** What the routes make of the records posted to one name. Immutable; any thread. */
interface StreamEncoder {
    StreamId stream();

    /**
     * Writes one entry.
     *
     * @return the record's size at the stream, key and data; 0 when it is larger than the stream takes, and nothing was
     *     written
     */
    int object(EntryBlock block, byte[] body, int from, int to, Wishes wishes);

    int text(EntryBlock block, String text, Wishes wishes);

    int bytes(EntryBlock block, byte[] body, int from, int to, Wishes wishes);

    /** Key and data of one record may take this many bytes together. */
    int maxRecordBytes();
}
