package io.penstock.agent.otlp;

import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.http.post.Filled;
import io.penstock.agent.http.post.LoopState;
import io.penstock.agent.ingest.Event;
import io.penstock.agent.ingest.Written;
import io.penstock.agent.route.Destination;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.EntryBlock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The blocks that the records of one request are written into, one per stream. Bounded by {@code mostBytes}. */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class LogBlocks {
    /** More than encoding adds to a record besides escapes: time, id, key. */
    private static final int ADDED = 4 * 1024;

    private final LoopState loop;
    private final long mostBytes;
    private final Map<StreamId, Lot> lots = new LinkedHashMap<>();
    private long total;

    /** The records for one stream. */
    private static final class Lot {
        private final EntryBlock block;
        private final int maxRecord;
        private long bytes;

        Lot(EntryBlock block, int maxRecord) {
            this.block = block;
            this.maxRecord = maxRecord;
        }
    }

    /** @param loop whose blocks it takes and gives back */
    LogBlocks(LoopState loop, long mostBytes) {
        this.loop = loop;
        this.mostBytes = mostBytes;
    }

    /**
     * Writes an event for its destination, and releases it.
     *
     * @return as {@link io.penstock.agent.ingest.EventWriter#write}
     * @throws Refused when the request's records are more than fits
     */
    Written write(Event event, Destination destination) throws Refused {
        Lot lot = lots.get(destination.stream());
        if (lot == null) {
            lot = new Lot(loop.takeBlock(), maxRecord(destination));
            lots.put(destination.stream(), lot);
        }
        if (total > mostBytes || lot.block.room() < lot.maxRecord + ADDED) {
            event.release();
            throw Refused.tooLarge(
                    "the log records of the request take more than " + mostBytes
                            + " bytes with what they share of resource and scope",
                    "send fewer log records in one request");
        }
        int before = lot.block.size();
        Written written = loop.events().write(event, destination, lot.maxRecord, lot.block);
        total += lot.block.size() - before;
        lot.bytes += loop.events().size();
        return written;
    }

    int maxRecord(Destination destination) {
        return loop.intake().maxRecord().applyAsInt(destination.stream());
    }

    /** Bytes of memory that the records take. */
    long size() {
        return total;
    }

    List<Filled> filled() {
        List<Filled> filled = new ArrayList<>();
        lots.forEach((stream, lot) -> {
            if (lot.block.count() > 0) {
                filled.add(new Filled(stream, lot.block, lot.bytes));
            }
        });
        return filled;
    }

    void release() {
        lots.values().forEach(lot -> loop.giveBack(lot.block));
        lots.clear();
    }
}
