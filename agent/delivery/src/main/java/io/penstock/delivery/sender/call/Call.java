package io.penstock.delivery.sender.call;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.put.PutCall;
import io.penstock.delivery.kinesis.put.PutEntry;
import io.penstock.delivery.sender.schedule.Lane;
import io.penstock.delivery.sender.schedule.SendRecord;
import java.util.List;

/**
 * A call in flight.
 *
 * @param records the records to settle
 * @param entryOf the entry of each record; of one key, no later record is in an earlier entry
 * @param lanes the predicted lane of each entry
 * @param keysOut the first record of each key that is blocked until the call returns
 * @param runs true if several records of one key share it
 * @param sentAt when it was sent
 * @param deadline when its result counts as unknown
 */
@OwnedBy(ThreadRole.SENDER)
public record Call(
        PutCall request,
        List<SendRecord> records,
        int[] entryOf,
        List<Lane> lanes,
        List<SendRecord> keysOut,
        boolean runs,
        long sentAt,
        long deadline) {

    /** Size of one entry, as the service counts it. */
    public int entryBytes(int entry) {
        PutEntry put = request.entries().get(entry);
        return put.dataBytes() + put.keyBytes();
    }

    /** True if the entry holds several records, so that a refusal does not tell which of them is the cause. */
    public boolean shared(int entry) {
        return request.entries().get(entry) instanceof Aggregate;
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
