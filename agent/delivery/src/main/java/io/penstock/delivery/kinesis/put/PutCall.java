package io.penstock.delivery.kinesis.put;

import java.util.List;

/**
 * One call that stores records.
 *
 * @param stream the stream's name
 * @param entries 1 to 500 records, exactly one with {@code api: put-record}
 * @param askOrdered whether to ask the endpoint that, of one partition key, it fails every entry after the first that
 *     fails; only {@link PutOutcome.Answered#ordered()} says that it did
 */
public record PutCall(String stream, List<? extends PutEntry> entries, boolean askOrdered) {}
