package io.penstock.delivery.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReceiptsTest {
    private static final Receipts.Receipt RECEIPT = new Receipts.Receipt("shardId-000000000001", "49");

    @Test
    void aReceiptIsTakenOnce() {
        Receipts receipts = new Receipts();
        receipts.startAt(0);
        receipts.stored(7, RECEIPT);
        assertEquals(Optional.of(RECEIPT), receipts.take(7));
        assertEquals(Optional.empty(), receipts.take(7));
        assertEquals(0, receipts.waiting());
    }

    @Test
    void recordsOfAnEarlierRunLeaveNone() {
        Receipts receipts = new Receipts();
        receipts.stored(1, RECEIPT);
        receipts.startAt(10);
        receipts.stored(9, RECEIPT);
        assertEquals(0, receipts.waiting());
        receipts.stored(10, RECEIPT);
        assertEquals(1, receipts.waiting());
    }
}
