package io.penstock.agent.log4j;

import io.penstock.agent.ingest.AckChoice;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.ingest.DeadEntries;
import io.penstock.agent.ingest.DeadEntry;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.agent.route.Router;
import io.penstock.agent.route.Source;
import io.penstock.agent.route.Unroutable;
import io.penstock.base.ack.Room;
import io.penstock.base.ack.Waiter;
import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.StreamId;
import io.penstock.delivery.spool.TooManyStreamsException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;

/**
 * The lines of one connection that no spool takes at present: those without a stream go to the dead letters, those for
 * one stream more than there may be are tried again. Bounded by what one wake-up of the connection reads.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class LinesAside {
    /** No sign of room exists for a stream past max-streams. */
    private static final Room LATER = Room.after(Duration.ofSeconds(5));

    private final String peer;
    private final Intake intake;
    private final AckChoice ack;
    private final SourceFacts facts;
    private final Queue<DeadEntry> dead = new ArrayDeque<>();
    private Queue<byte[]> late = new ArrayDeque<>();
    private long offset = -1;
    private boolean patient;

    LinesAside(String peer, Intake intake, AckChoice ack, SourceFacts facts) {
        this.peer = peer;
        this.intake = intake;
        this.ack = ack;
        this.facts = facts;
    }

    void unroutable(Unroutable why, byte[] bytes, int from, int to) {
        facts.refused(Refusal.INVALID_STREAM, 1);
        facts.putAside(peer, "a line goes to the dead letters: " + why.text());
        dead.add(new DeadEntry(
                new StreamId(Router.DEFAULT_TARGET, Source.LOG4J.word()),
                Source.LOG4J.word(),
                "",
                why.text(),
                Arrays.copyOfRange(bytes, from, to)));
    }

    void oneStreamTooMany(TooManyStreamsException tooMany, byte[] bytes, int from, int to) {
        if (late.isEmpty()) {
            facts.heldBack(Refusal.TOO_MANY_STREAMS, peer, String.valueOf(tooMany.getMessage()));
        }
        late.add(Arrays.copyOfRange(bytes, from, to));
    }

    boolean isEmpty() {
        return dead.isEmpty() && late.isEmpty();
    }

    /** Whether nothing has to be waited for now; otherwise {@code waiter} is called. */
    boolean settled(Waiter waiter) {
        DeadEntries letters = intake.dead();
        for (DeadEntry next = dead.peek(); next != null; next = dead.peek()) {
            long put = letters.put(next);
            if (put == DeadEntries.FULL) {
                facts.heldBack(Source.LOG4J.word());
                letters.whenRoom().await(waiter);
                return false;
            }
            offset = put;
            dead.remove();
        }
        if (offset >= 0 && ack.mode() != AckMode.MEMORY) {
            Watermark stored = letters.stored();
            if (stored.end() <= offset && !stored.failed()) {
                stored.await(offset, waiter);
                return false;
            }
        }
        offset = -1;
        if (!late.isEmpty() && !patient) {
            patient = true;
            LATER.await(waiter);
            return false;
        }
        patient = false;
        return true;
    }

    /** Hands the lines that came too early for their streams over again. */
    void takeLate(LineHandler.Lines lines) {
        Queue<byte[]> again = late;
        late = new ArrayDeque<>();
        for (byte[] line : again) {
            lines.line(line, 0, line.length);
        }
    }
}
