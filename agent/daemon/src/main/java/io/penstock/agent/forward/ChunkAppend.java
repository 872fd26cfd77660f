package io.penstock.agent.forward;

import io.penstock.agent.ingest.DeadEntries;
import io.penstock.agent.ingest.DeadEntry;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.ingest.SpoolBinding;
import io.penstock.agent.ingest.Written;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.agent.record.RecordEncoder;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyFields;
import io.penstock.agent.route.Routed;
import io.penstock.agent.route.Router;
import io.penstock.agent.route.Source;
import io.penstock.agent.route.Unroutable;
import io.penstock.base.ack.Room;
import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.delivery.spool.StreamId;
import io.penstock.delivery.spool.TooManyStreamsException;
import io.penstock.forward.server.Chunk;
import io.penstock.forward.server.ChunkHandler;
import io.penstock.forward.server.Receipt;
import io.penstock.journal.EntryBlock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes one chunk's events: runs of one destination into a block, and each block to its spool. Where there is no room
 * it stays as it is, block and all, and goes on from there when it is called again; no event is encoded twice.
 *
 * <p>What its stream cannot take cannot be refused singly: it goes on to the spool, from where the sender puts it to
 * the dead letters. What is larger than any stream's record, or cannot be a record at all, goes there as it came.
 *
 * <p>Holds a block, which is as large as {@value #FULL_BLOCK} bytes and one event; between chunks it has
 * {@value #KEPT_BLOCK} bytes at most.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class ChunkAppend implements ChunkHandler {
    /** Small enough to stay in a core's cache until it is copied, and four of them fill one of the log's buffers. */
    private static final int FULL_BLOCK = 60 * 1024;

    private static final int MAX_BLOCK = FULL_BLOCK + RecordEncoder.MAX_BYTES + 4 * 1024;
    private static final int KEPT_BLOCK = 4 * FULL_BLOCK;
    private static final int FIRST_BLOCK = 8 * 1024;

    /** The option {@code source} of chunks that the Log4j appender sends. */
    private static final String LOG4J = "log4j";

    private static final String LOGGER = "log.logger";

    /** For a stream past max-streams: no sign of room exists there, so the chunk is tried again at this interval. */
    private static final Room LATER = Room.after(Duration.ofSeconds(5));

    private final LoopChunks loop;
    private final Intake intake;
    private final SourceFacts facts;
    private final EntryBlock block = new EntryBlock(FIRST_BLOCK, MAX_BLOCK);
    private long blockBytes;

    private boolean log4j;
    private @Nullable Routed byTag;
    private @Nullable Destination destination;
    private @Nullable SpoolBinding spool;
    private int maxRecord;
    /** Whether the chunk stands at an event that is not written yet. */
    private boolean unwritten;

    private boolean refusedStream;
    /** Whether all of the chunk so far is in one spool, so that a mark there says that all of it is stored. */
    private boolean inOneSpool;

    private boolean marked;

    ChunkAppend(LoopChunks loop, Intake intake, SourceFacts facts) {
        this.loop = loop;
        this.intake = intake;
        this.facts = facts;
    }

    /** Takes a new chunk. What is to be refused of it for good is refused before anything of it is stored. */
    Receipt begin(Chunk chunk) {
        clear();
        log4j = chunk.source().equals(LOG4J);
        byTag = log4j
                ? null
                : intake.router()
                        .route(
                                Source.FORWARD,
                                KeyFields.tagged(chunk.tag(), chunk.peer().user()));
        destination = null;
        spool = null;
        unwritten = false;
        refusedStream = false;
        inOneSpool = true;
        marked = false;
        if (log4j && (loop.anySpoolFailed() || loop.rights().limitStreamsOf(chunk))) {
            Optional<Receipt> refusal = refusalOfAny(chunk);
            if (refusal.isPresent()) {
                loop.done(this);
                return refusal.get();
            }
        }
        return take(chunk);
    }

    /**
     * Events of an appender go to several streams. A chunk that is refused in its middle would be sent again and again,
     * and each time the events before that would be stored once more.
     */
    private Optional<Receipt> refusalOfAny(Chunk chunk) {
        while (chunk.next()) {
            Routed routed = route(logger(chunk));
            StreamId stream = routed instanceof Destination to ? to.stream() : unrouted();
            Optional<String> objection = loop.rights().objectionToStream(chunk, stream.stream());
            if (objection.isPresent()) {
                return Optional.of(loop.forbidden(chunk, objection.get()));
            }
            if (routed instanceof Destination && loop.hasFailed(stream)) {
                return Optional.of(loop.failed(chunk, stream));
            }
        }
        chunk.rewind();
        return Optional.empty();
    }

    private Routed route(String logger) {
        return byTag == null ? intake.router().route(Source.LOG4J, KeyFields.loggedBy(logger)) : byTag;
    }

    private String logger(Chunk chunk) {
        return log4j && chunk.fault().isEmpty() ? chunk.text(LOGGER).orElse("") : "";
    }

    /** Writes the chunk's events from where it stands on. */
    @Override
    public Receipt take(Chunk chunk) {
        loop.records().begin(chunk.tag(), chunk.peer().user());
        Receipt receipt = Receipt.TAKEN;
        while (receipt == Receipt.TAKEN && (unwritten || chunk.next())) {
            unwritten = true;
            receipt = block.size() >= FULL_BLOCK ? append(chunk) : event(chunk);
        }
        if (receipt == Receipt.TAKEN && block.count() > 0) {
            receipt = appendLast(chunk);
        }
        if (!(receipt instanceof Receipt.NoRoom)) {
            clear();
            loop.done(this);
        }
        return receipt;
    }

    /** The block with the chunk's last event has the chunk's mark too. */
    private Receipt appendLast(Chunk chunk) {
        if (inOneSpool && !marked && chunk.mark().length > 0) {
            SpooledRecord.mark(block, chunk.mark());
            marked = true;
        }
        return append(chunk);
    }

    /** Routes the present event and writes it into the block of its stream, or puts it aside. */
    @SuppressWarnings("ReferenceEquality") // a route has one destination: comparing more would only take time
    private Receipt event(Chunk chunk) {
        String fault = chunk.fault();
        String logger = logger(chunk);
        Routed routed = route(logger);
        if (routed instanceof Unroutable unroutable) {
            return putAsideUnrouted(chunk, unroutable);
        }
        Destination next = (Destination) routed;
        if (!fault.isEmpty()) {
            return putAside(chunk, next.stream(), fault);
        }
        if (next != destination) {
            Receipt receipt = turnTo(next, chunk);
            if (receipt != Receipt.TAKEN) {
                return receipt;
            }
        }
        Written written = loop.records().write(chunk, next, log4j, logger, maxRecord, block);
        if (written == Written.TOO_LARGE) {
            written = loop.records().write(chunk, next, log4j, logger, RecordEncoder.MAX_BYTES, block);
            if (written == Written.TOO_LARGE) {
                return putAside(
                        chunk,
                        next.stream(),
                        "it is larger as JSON than the " + RecordEncoder.MAX_BYTES + " bytes of any record");
            }
            tooLarge(chunk, next.stream());
        }
        blockBytes += loop.records().size();
        unwritten = false;
        return Receipt.TAKEN;
    }

    /** Appends what is written, and makes the next event one for another destination, if the chunk may go there now. */
    private Receipt turnTo(Destination next, Chunk chunk) {
        if (block.count() > 0) {
            Receipt receipt = append(chunk);
            if (receipt != Receipt.TAKEN) {
                return receipt;
            }
        }
        SpoolBinding present;
        try {
            present = loop.spool(next.stream());
        } catch (TooManyStreamsException tooMany) {
            if (!refusedStream) { // Tried again now and then; counted once.
                refusedStream = true;
                facts.refused(Refusal.TOO_MANY_STREAMS, chunk.peer().toString(), String.valueOf(tooMany.getMessage()));
            }
            return new Receipt.NoRoom(LATER, this);
        }
        Optional<String> objection = loop.rights().objectionToStream(chunk, present.stream());
        if (objection.isPresent()) {
            return loop.forbidden(chunk, objection.get());
        }
        if (isCrowded(present, chunk)) {
            return noRoom(present);
        }
        inOneSpool &= spool == null || spool.equals(present);
        destination = next;
        spool = present;
        maxRecord = intake.maxRecord().applyAsInt(next.stream());
        return Receipt.TAKEN;
    }

    /** Has the present entry kept as a dead letter; its chunk is acknowledged once that is on disk. */
    private Receipt putAside(Chunk chunk, StreamId to, String reason) {
        Optional<String> objection = loop.rights().objectionToStream(chunk, to.stream());
        if (objection.isPresent()) {
            return loop.forbidden(chunk, objection.get());
        }
        long offset = intake.dead().put(new DeadEntry(to, "forward", chunk.tag(), reason, chunk.entry()));
        if (offset == DeadEntries.FULL) {
            return new Receipt.NoRoom(intake.dead().whenRoom(), this);
        }
        inOneSpool = false;
        chunk.stored(loop.deadEntries(), offset);
        facts.putAside(
                chunk.peer().toString(),
                "an entry under tag '" + chunk.tag() + "' goes to the dead letters: " + reason);
        unwritten = false;
        return Receipt.TAKEN;
    }

    /** An entry without a stream is kept under the one that it would have without routes. */
    private Receipt putAsideUnrouted(Chunk chunk, Unroutable why) {
        Receipt receipt = putAside(chunk, unrouted(), why.text());
        if (receipt == Receipt.TAKEN) {
            facts.refused(Refusal.INVALID_STREAM, 1);
        }
        return receipt;
    }

    private StreamId unrouted() {
        Source source = log4j ? Source.LOG4J : Source.FORWARD;
        return new StreamId(Router.DEFAULT_TARGET, source.word());
    }

    private void tooLarge(Chunk chunk, StreamId stream) {
        facts.refused(
                Refusal.TOO_LARGE,
                chunk.peer().toString(),
                "an event under tag '" + chunk.tag() + "' is larger than the " + maxRecord + " bytes that stream '"
                        + stream.stream() + "' takes: it goes to the dead letters");
    }

    private Receipt append(Chunk chunk) {
        SpoolBinding into = spool;
        if (into == null) {
            throw new IllegalStateException("events were written without a spool for them");
        }
        if (isCrowded(into, chunk)) {
            return noRoom(into);
        }
        long offset = into.spool().append(block);
        if (offset >= 0) {
            Watermark acknowledged = into.acknowledged();
            facts.accepted(block.count(), blockBytes, acknowledged, offset);
            chunk.stored(acknowledged, offset);
        } else if (offset == Spool.FULL) {
            return noRoom(into);
        } else if (offset == Spool.DROPPED) {
            facts.dropped(block.count());
            inOneSpool = false;
            chunk.stored(Watermark.IMMEDIATE, 0);
        } else {
            return loop.failed(chunk, into.spool().stream());
        }
        clear();
        return Receipt.TAKEN;
    }

    /** Where others wait for room, writing costs and gains nothing: so a busy spool costs one refusal for each room. */
    private static boolean isCrowded(SpoolBinding into, Chunk chunk) {
        return into.spool().whenRoom().isCrowded(chunk.loop());
    }

    private Receipt noRoom(SpoolBinding full) {
        facts.heldBack(full.stream());
        return new Receipt.NoRoom(full.spool().whenRoom(), this);
    }

    private void clear() {
        block.clear(KEPT_BLOCK);
        blockBytes = 0;
    }
}
