package io.penstock.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.tools.bench.wire.EventText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The account compares what was acknowledged with what the stream has")
class AccountTest {
    private static final String RUN = "00c0ffee";

    private final Ledger first = ledger(5, 0, 1, 2, 3, 4);
    private final Ledger second = ledger(3, 0, 2);
    private final Account account = new Account(RUN, List.of(first, second));

    @Test
    void everythingFoundOnceAndInOrderIsAllWell() {
        IntStream.range(0, 5).forEach(i -> account.record("a", event(0, i)));
        IntStream.range(0, 3).forEach(i -> account.record("b", event(1, i)));
        assertTrue(account.complete());
        assertEquals(verification(8, 0, 0, 0, 0, 8, 0, ""), balance());
    }

    @Test
    void acknowledgedButNotFoundIsLostAndNamed() {
        account.record("a", event(0, 0));
        account.record("a", event(0, 1));
        account.record("a", event(0, 3));
        account.record("a", event(0, 4));
        account.record("b", event(1, 0));
        account.record("b", event(1, 2));
        assertFalse(account.complete());
        assertEquals(
                verification(6, 1, 1, 0, 0, 6, 0, "run 00c0ffee, connection 0, event 2"),
                balance(),
                "event 1 of connection 1 was never acknowledged: missing, not lost");
    }

    @Test
    void copiesAreCountedAndNotTakenForDisorder() {
        for (int sequence : new int[] {0, 1, 0, 1, 2, 1, 3, 4}) {
            account.record("a", event(0, sequence));
        }
        Verification balance = balance();
        assertEquals(3, balance.counts().duplicated());
        assertEquals(0, balance.order().late());
        assertEquals(5, balance.counts().found());
    }

    @Test
    void anEventThatFirstComesAfterALaterOneIsOutOfOrder() {
        for (int sequence : new int[] {0, 3, 1, 2, 4}) {
            account.record("a", event(0, sequence));
        }
        assertEquals(2, balance().order().late());
    }

    @Test
    void orderIsNoQuestionWhereAConnectionsPartitionKeysDiffer() {
        account.record("a", event(0, 1));
        account.record("x", event(0, 0));
        account.record("b", event(1, 0));
        Verification balance = balance();
        assertEquals(0, balance.order().late());
        assertEquals(1, balance.order().checked());
    }

    @Test
    void marksThatWereNeverSentAreUnknown() {
        account.record("a", event(0, 5));
        account.record("a", event(7, 0));
        Verification balance = balance();
        assertEquals(2, balance.counts().unknown());
        assertEquals(0, balance.counts().found());
    }

    @Test
    void eventsOfOtherRunsAreNoConcern() {
        account.record(
                "a",
                new String(event(0, 0), StandardCharsets.US_ASCII)
                        .replace(RUN, "deadbeef")
                        .getBytes(StandardCharsets.US_ASCII));
        assertEquals(0, balance().counts().found() + balance().counts().unknown());
    }

    @Test
    void marksAreFoundInsideJsonAndSeveralInOneRecord() {
        String both = "{\"payload\":\"" + text(0, 0) + "\\n\",\"more\":[\"pb.00c0ffee.\",\"" + text(0, 1) + "\"]}pb.";
        account.record("a", both.getBytes(StandardCharsets.UTF_8));
        assertEquals(2, account.found());
    }

    private Verification balance() {
        return account.balance("s", "", "");
    }

    private static Verification verification(
            long found,
            long lost,
            long missing,
            long duplicated,
            long outOfOrder,
            long orderChecked,
            long unknown,
            String example) {
        return new Verification(
                "s",
                new Verification.Counts(found, lost, missing, duplicated, unknown),
                new Verification.Order(outOfOrder, orderChecked),
                example,
                "",
                "");
    }

    private static Ledger ledger(int sent, int... acknowledged) {
        Ledger ledger = new Ledger();
        ledger.sent(sent);
        for (int sequence : acknowledged) {
            ledger.acknowledged(sequence, 1);
        }
        return ledger;
    }

    private static String text(int connection, int sequence) {
        return new String(event(connection, sequence), StandardCharsets.US_ASCII);
    }

    private static byte[] event(int connection, int sequence) {
        ByteBuf out = Unpooled.buffer();
        new EventText(RUN, 100).write(out, connection, sequence);
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        assertEquals(100, bytes.length);
        return bytes;
    }
}
