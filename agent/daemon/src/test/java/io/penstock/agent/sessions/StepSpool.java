package io.penstock.agent.sessions;

import io.penstock.base.ack.MutableRoom;
import io.penstock.base.ack.MutableWatermark;
import io.penstock.base.ack.Room;
import io.penstock.base.ack.Watermark;
import io.penstock.delivery.spool.Receipts;
import io.penstock.delivery.spool.SessionMarks;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.SpoolClaim;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.DamagedRange;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.LogListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A spool on a {@link StepLog}, and a sender that delivers what is durable. */
final class StepSpool implements Spool, LogListener {
    /** The index key of entries with a session's mark. */
    private static final int SESSION_KEY = 2;

    private static final int MARK = 24;

    private final StreamId id;
    private final StepLog log;
    private final MutableWatermark durable = new MutableWatermark();
    private final MutableWatermark delivered = new MutableWatermark();
    private final MutableRoom room = new MutableRoom();

    private StepSpool(StreamId id, StepLog before, Random random) {
        this.id = id;
        this.log = before == null ? StepLog.empty(this, random) : before.afterCrash(this);
        durable.raise(log.durableEnd());
    }

    static StepSpool empty(StreamId id, Random random) {
        return new StepSpool(id, null, random);
    }

    StepSpool afterCrash(Random random) {
        return new StepSpool(id, log, random);
    }

    /** As a start does it. */
    void open(SessionMarks sessions) throws IOException {
        long from = Math.max(log.startOffset(), sessions.opening(this, log.startOffset(), log.durableEnd()));
        log.reader().read(from, Integer.MAX_VALUE, (offset, key, timestamp, entry) -> {
            if (key == SESSION_KEY && offset >= from) {
                ByteBuffer mark = entry.duplicate().position(entry.limit() - MARK);
                sessions.recovered(id, mark.getLong(), mark.getLong(), (int) mark.getLong(), offset);
            }
            return true;
        });
    }

    /** The sender has delivered all that is durable, and the log may lose it. */
    void deliver(SessionMarks sessions) {
        delivered.raise(log.durableEnd());
        log.truncateBefore(Math.min(log.durableEnd(), sessions.neededFrom(id)));
    }

    /** What was ever stored and survived. */
    List<String> stored() {
        List<String> texts = new ArrayList<>();
        log.entries()
                .forEach(entry -> texts.add(
                        new String(SpooledRecord.data(ByteBuffer.wrap(entry.bytes())), StandardCharsets.UTF_8)));
        return texts;
    }

    StepLog log() {
        return log;
    }

    @Override
    public StreamId stream() {
        return id;
    }

    @Override
    public long append(EntryBlock block) {
        long first = log.append(block);
        return first < 0 ? FULL : first + block.count() - 1;
    }

    @Override
    public SpoolClaim claim(EntryBlock block) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Watermark durable() {
        return durable;
    }

    @Override
    public Watermark delivered() {
        return delivered;
    }

    @Override
    public Receipts receipts() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Room whenRoom() {
        return room;
    }

    @Override
    public void durable(long durableEnd) {
        durable.raise(durableEnd);
    }

    @Override
    public void room() {
        room.tell();
    }

    @Override
    public void failed(Throwable cause) {}

    @Override
    public void damaged(DamagedRange range) {}
}
