package io.penstock.agent.sender;

import io.penstock.agent.target.PutCall;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A call that is out. Owned by the sender's thread.
 *
 * @param records in the order of the call's entries
 * @param lanes the lane of each record, as predicted when it was sent
 * @param queuesOut the serial queues of which nothing else may be sent until it is back
 * @param runs whether several records of one key share it
 * @param deadline when its outcome counts as unknown
 */
record Call(
        PutCall request,
        List<SendRecord> records,
        List<Lane> lanes,
        Set<RecordQueue> queuesOut,
        boolean runs,
        long bytes,
        long deadline) {

    static Set<RecordQueue> noQueues() {
        return new LinkedHashSet<>();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
