package io.penstock.tools.bench;

/**
 * The account of each event after the stream was read back.
 *
 * @param stream that was read
 * @param example an event that was lost, or empty
 * @param notice the last thing that reading told, or empty
 * @param problem why the stream could not be read to the end, or empty
 */
public record Verification(String stream, Counts counts, Order order, String example, String notice, String problem) {
    /**
     * @param found different events
     * @param lost acknowledged, but not in the stream
     * @param missing sent, neither acknowledged nor in the stream
     * @param duplicated copies beyond the first of an event
     * @param unknown marks of this run that were never sent
     */
    public record Counts(long found, long lost, long missing, long duplicated, long unknown) {}

    /**
     * @param late events that came first after a later one of the same connection and partition key
     * @param checked the events that were checked for order: those of connections whose events share a partition key
     */
    public record Order(long late, long checked) {}
}
