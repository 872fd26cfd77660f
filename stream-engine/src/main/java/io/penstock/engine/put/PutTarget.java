package io.penstock.engine.put;

import java.util.Optional;

/**
 * Where puts go: the engine's own streams, or the spools of an agent. Called on event loops; nothing here blocks. What
 * it refuses, it refuses with a {@link io.penstock.engine.fault.ServiceException}.
 */
public interface PutTarget {
    /**
     * The stream that a call names by name, ARN or id.
     *
     * @param authorization the header of that name; empty if the call has none
     */
    Stream stream(String authorization, Optional<String> name, Optional<String> arn, Optional<String> id);

    /** One stream. */
    interface Stream {
        /** The largest record, data and partition key, in bytes. */
        int maxRecordBytes();

        /** True if every record must have a partition key. */
        boolean needsKeys();

        /** Refuses a {@code SequenceNumberForOrdering} that is not of this stream. */
        void checkOrdering(String sequenceNumber);

        /**
         * Takes the records of a call, and answers the call once, on its loop.
         *
         * @return true if the caller may reuse the batch and the call's body; otherwise the target keeps both until the
         *     answer
         */
        boolean put(PutBatch batch, Puts.Call call);
    }
}
