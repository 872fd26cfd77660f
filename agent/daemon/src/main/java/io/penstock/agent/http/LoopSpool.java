package io.penstock.agent.http;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Watermark;
import io.penstock.delivery.spool.Spool;
import java.util.ArrayDeque;

/**
 * One spool as one event loop sees it: the postings that wait for room, in order of arrival, and those that wait for
 * the watermark. The loop's appends get rising offsets, so the second queue is popped from its head. However many wait,
 * the spool and the watermark hold at most one listener of each loop.
 *
 * <p>Confined to its event loop. Bounded by the listener's budget of unfinished bodies and its connections.
 */
final class LoopSpool {
    private final EventExecutor loop;
    private final Spool spool;
    private final Watermark acknowledged;
    private final ArrayDeque<Posting> wanting = new ArrayDeque<>();
    private final ArrayDeque<Owed> owed = new ArrayDeque<>();
    private boolean roomAsked;
    private boolean advanceAsked;

    /** @param acknowledged the watermark that an answer waits for */
    LoopSpool(EventExecutor loop, Spool spool, Watermark acknowledged) {
        this.loop = loop;
        this.spool = spool;
        this.acknowledged = acknowledged;
    }

    Spool spool() {
        return spool;
    }

    /** Whether a posting has to queue up behind others. */
    boolean crowded() {
        return !wanting.isEmpty();
    }

    /** Calls {@link Posting#roomCame} when it is this posting's turn to try again. */
    void awaitRoom(Posting posting) {
        wanting.add(posting);
        askForRoom();
    }

    /** Forgets a posting that gave up. Those that give up do so in order of arrival, so it is near the head. */
    void stopWaiting(Posting posting) {
        wanting.removeFirstOccurrence(posting);
    }

    private void askForRoom() {
        if (!roomAsked) {
            roomAsked = true;
            spool.onRoom(loop, this::room);
        }
    }

    private void room() {
        roomAsked = false;
        while (!wanting.isEmpty() && goesOn(wanting.getFirst())) {
            wanting.removeFirst();
        }
        if (!wanting.isEmpty()) {
            askForRoom();
        }
    }

    /** A posting that throws is answered, and does not keep those behind it waiting. */
    private static boolean goesOn(Posting posting) {
        try {
            return posting.roomCame();
        } catch (RuntimeException | Error e) {
            posting.failed(e);
            return true;
        }
    }

    /** Calls {@link Posting#passed} or {@link Posting#lost}, at once when that is known. */
    void awaitPassing(Posting posting, long offset) {
        owed.add(new Owed(posting, offset));
        settle();
    }

    private void settle() {
        while (!owed.isEmpty()) {
            // Read before the end: a watermark that has failed rises no more.
            boolean failed = acknowledged.failed();
            long end = acknowledged.end();
            while (!owed.isEmpty() && owed.getFirst().offset < end) {
                Posting posting = owed.removeFirst().posting;
                answer(posting, posting::passed);
            }
            if (failed) {
                while (!owed.isEmpty()) {
                    Posting posting = owed.removeFirst().posting;
                    answer(posting, posting::lost);
                }
            }
            if (advanceAsked) {
                return;
            }
            // The listener hears only of what comes after this call, so the loop looks once more.
            advanceAsked = true;
            acknowledged.onAdvance(loop, this::advanced);
        }
    }

    private static void answer(Posting posting, Runnable answer) {
        try {
            answer.run();
        } catch (RuntimeException | Error e) {
            posting.failed(e);
        }
    }

    private void advanced() {
        advanceAsked = false;
        settle();
    }

    private record Owed(Posting posting, long offset) {}
}
