package io.penstock.agent.log4j;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.agent.ingest.AckChoice;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.ingest.SpoolBinding;
import io.penstock.agent.ingest.Written;
import io.penstock.agent.metrics.ConnectedClients;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.agent.record.RecordEncoder;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.Routed;
import io.penstock.agent.route.Unroutable;
import io.penstock.base.ack.Waiter;
import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.StreamId;
import io.penstock.delivery.spool.TooManyStreamsException;
import io.penstock.journal.EntryBlock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one connection that came with one read, in a block per stream. A block leaves when its spool takes it;
 * more is read when all have left and, unless {@code ack} is memory, are as durable as it says. So a connection has no
 * more than one read on the way.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class SpooledLines implements LineHandler.Lines {
    private static final int FIRST_BLOCK = 4 * 1024;

    /** Of the second stream and further ones: loggers may name as many as there may be. */
    private static final int FURTHER_BLOCK = 512;

    private static final int MAX_BLOCK = 2 * RecordEncoder.MAX_BYTES;

    private final String peer;
    private final LineRecords records;
    private final Intake intake;
    private final AckChoice ack;
    private final SourceFacts facts;
    private final ConnectedClients connected;
    private final Map<StreamId, StreamBlock> blocks = new LinkedHashMap<>();
    private final LinesAside aside;
    private final Waiter waiter;
    private LineHandler.@Nullable Reader reader;

    /** A stream's events between the socket and its spool. */
    private static final class StreamBlock {
        final SpoolBinding spool;
        final EntryBlock block;
        long bytes;
        long offset = -1;
        /** What the events up to the offset wait for. */
        Watermark acknowledged = Watermark.IMMEDIATE;

        StreamBlock(SpoolBinding spool, int initialCapacity) {
            this.spool = spool;
            this.block = new EntryBlock(initialCapacity, MAX_BLOCK);
        }
    }

    SpooledLines(
            EventExecutor loop,
            String peer,
            LineRecords records,
            Intake intake,
            AckChoice ack,
            SourceFacts facts,
            ConnectedClients connected) {
        this.waiter = new Waiter(loop, this::wake);
        this.aside = new LinesAside(peer, intake, ack, facts);
        this.peer = peer;
        this.records = records;
        this.intake = intake;
        this.ack = ack;
        this.facts = facts;
        this.connected = connected;
    }

    @Override
    public void line(byte[] bytes, int from, int to) {
        Routed routed = records.look(bytes, from, to);
        if (routed instanceof Destination destination) {
            write(destination, bytes, from, to);
        } else if (routed instanceof Unroutable unroutable) {
            aside.unroutable(unroutable, bytes, from, to);
        }
    }

    private void write(Destination destination, byte[] bytes, int from, int to) {
        StreamBlock pending = blocks.get(destination.stream());
        if (pending == null) {
            try {
                SpoolBinding spool = new SpoolBinding(intake.spools().spool(destination.stream()), ack);
                pending = new StreamBlock(spool, blocks.isEmpty() ? FIRST_BLOCK : FURTHER_BLOCK);
                blocks.put(destination.stream(), pending);
            } catch (TooManyStreamsException tooMany) {
                aside.oneStreamTooMany(tooMany, bytes, from, to);
                return;
            }
        }
        int limit = intake.maxRecord().applyAsInt(destination.stream());
        Written written = records.write(destination, limit, pending.block);
        if (written == Written.TOO_LARGE) {
            facts.refused(
                    Refusal.TOO_LARGE,
                    peer,
                    "a line is larger than the " + limit + " bytes that stream '" + destination.stream().stream()
                            + "' takes: it goes to the dead letters");
            written = records.write(destination, RecordEncoder.MAX_BYTES, pending.block);
            if (written == Written.TOO_LARGE) {
                facts.refused(
                        Refusal.TOO_LARGE,
                        peer,
                        "a line is larger as JSON than the " + RecordEncoder.MAX_BYTES
                                + " bytes of any record: it is left out");
            }
        }
        pending.bytes += records.size();
    }

    @Override
    public boolean pause(LineHandler.Reader waitingReader) {
        reader = waitingReader;
        return settle();
    }

    private boolean settle() {
        do {
            for (StreamBlock pending : blocks.values()) {
                if (pending.block.count() > 0 && !append(pending)) {
                    return false;
                }
            }
            for (StreamBlock pending : blocks.values()) {
                if (!settled(pending)) {
                    return false;
                }
            }
            blocks.clear();
            if (!aside.settled(waiter)) {
                return false;
            }
            aside.takeLate(this);
        } while (!blocks.isEmpty() || !aside.isEmpty());
        return true;
    }

    private void wake() {
        LineHandler.Reader told = reader;
        if (told != null) {
            try {
                if (settle()) {
                    told.resume();
                }
            } catch (RuntimeException | Error e) {
                told.broken(e);
            }
        }
    }

    /** Whether nothing of an appended block has to be waited for; otherwise {@link #wake} will be called. */
    private boolean settled(StreamBlock pending) {
        if (pending.offset < 0) {
            return true;
        }
        Watermark mark = pending.acknowledged;
        if (mark.end() > pending.offset || mark.failed()) {
            return true;
        }
        mark.await(pending.offset, waiter);
        return false;
    }

    private boolean append(StreamBlock pending) {
        long offset = pending.spool.spool().append(pending.block);
        if (offset == Spool.FULL) {
            facts.heldBack(pending.spool.stream());
            pending.spool.spool().whenRoom().await(waiter);
            return false;
        }
        if (offset >= 0) {
            pending.acknowledged = pending.spool.acknowledged();
            facts.accepted(pending.block.count(), pending.bytes, pending.acknowledged, offset);
            connected.sent(peer, pending.block.count());
            pending.offset = offset;
        } else if (offset == Spool.DROPPED) {
            facts.dropped(pending.block.count());
        } else {
            facts.refused(
                    Refusal.SPOOL_FAILED,
                    peer,
                    pending.block.count() + " lines are lost: the spool of stream '" + pending.spool.stream()
                            + "' has failed or is closing");
        }
        pending.block.clear();
        pending.bytes = 0;
        return true;
    }
}
