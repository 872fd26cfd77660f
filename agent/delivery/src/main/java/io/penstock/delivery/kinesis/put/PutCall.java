package io.penstock.delivery.kinesis.put;

import java.util.List;

/**
 * One call that stores records.
 *
 * @param stream the stream's name
 * @param entries 1 to 500 records, exactly one with {@code api: put-record}
 * @param askOrdered true to ask the endpoint to fail, after the first failed entry of a partition key, all later
 *     entries of that key; only {@link PutOutcome.Answered#ordered()} confirms that it did
 */
public record PutCall(String stream, List<? extends PutEntry> entries, boolean askOrdered) {}
