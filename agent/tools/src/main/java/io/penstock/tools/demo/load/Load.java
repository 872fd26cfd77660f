package io.penstock.tools.demo.load;

import io.penstock.tools.demo.table.Kind;

/**
 * A producer of the demonstration. It sends each event until it has its acknowledgement, as any device or application
 * should, in a way that lets the agent recognise what it has already.
 */
public interface Load extends AutoCloseable {
    Kind kind();

    /** Events that the agent has acknowledged: those of the numbers below this one. */
    long sent();

    /** Makes no more events, and returns once all have their acknowledgement, or after half a minute. */
    @Override
    void close();
}
