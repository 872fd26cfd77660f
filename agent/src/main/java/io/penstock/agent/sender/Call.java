package io.penstock.agent.sender;

import io.penstock.agent.target.PutCall;
import java.util.List;

/**
 * A call that is out. Owned by the sender's thread.
 *
 * @param records in the order of the call's entries
 * @param lanes the lane of each record, as predicted when it was sent
 * @param queuesOut the serial queues, each once, of which nothing else may be sent until it is back
 * @param runs whether several records of one key share it
 * @param deadline when its outcome counts as unknown
 */
record Call(
        PutCall request,
        List<SendRecord> records,
        List<Lane> lanes,
        List<RecordQueue> queuesOut,
        boolean runs,
        long bytes,
        long deadline) {

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
