package io.penstock.delivery.sender.call;

import io.penstock.delivery.kinesis.put.PutCall;
import io.penstock.delivery.kinesis.put.PutEntry;
import io.penstock.delivery.sender.schedule.Lane;
import io.penstock.delivery.sender.schedule.SendRecord;
import java.util.List;

/**
 * A call that is out. Owned by the sender's thread.
 *
 * @param records what is to be settled
 * @param entryOf which entry of the call each of them is in; of one key, no later record is in an earlier entry
 * @param lanes the lane of each entry, as predicted when it was sent
 * @param keysOut the first record of each key of which nothing else may be sent until it is back
 * @param runs whether several records of one key share it
 * @param sentAt when it went out
 * @param deadline when its outcome counts as unknown
 */
public record Call(
        PutCall request,
        List<SendRecord> records,
        int[] entryOf,
        List<Lane> lanes,
        List<SendRecord> keysOut,
        boolean runs,
        long sentAt,
        long deadline) {

    /** Bytes of one entry, as the service counts them. */
    public int entryBytes(int entry) {
        PutEntry put = request.entries().get(entry);
        return put.dataBytes() + put.keyBytes();
    }

    /** Whether the entry carries several records, so that a refusal does not say whose fault it is. */
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
