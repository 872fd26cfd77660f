package io.penstock.agent.forward;

import io.penstock.agent.config.AckMode;
import io.penstock.agent.ingest.EventWriter;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.agent.record.RecordEncoder;
import io.penstock.agent.route.Destination;
import io.penstock.agent.spool.Spool;
import io.penstock.agent.spool.StreamId;
import io.penstock.agent.spool.TooManyStreamsException;
import io.penstock.forward.server.Chunk;
import io.penstock.forward.server.Durability;
import io.penstock.forward.server.Receipt;
import io.penstock.log.EntryBlock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Routes the events of one event loop's chunks, writes runs of one destination into the loop's block and appends that to
 * the spool. A chunk that finds no room half way is taken on from there later. Confined to the loop; keeps what each
 * spool needs, of which there are at most {@code max-streams}.
 *
 * <p>What its stream cannot take cannot be refused singly: it goes on to the spool, from where the sender puts it to the
 * dead letters. Only what is larger than any stream's record refuses its chunk.
 */
final class LoopIntake {
    private static final int FIRST_BLOCK = 16 * 1024;
    private static final int FULL_BLOCK = 1024 * 1024;
    private static final int MAX_BLOCK = FULL_BLOCK + RecordEncoder.MAX_BYTES + 4 * 1024;
    private static final long STREAM_RETRY_SECONDS = 5;

    /** The option {@code source} of chunks that the Log4j appender sends. */
    private static final String LOG4J = "log4j";

    private static final String LOGGER = "log.logger";

    /** For a stream past max-streams: nobody tells when there is room, so the chunk is tried again now and then. */
    private static final Receipt LATER = new Receipt.NoRoom((executor, listener) -> {
        var unused = executor.schedule(listener, STREAM_RETRY_SECONDS, TimeUnit.SECONDS);
    });

    private final Intake intake;
    private final AckMode ack;
    private final Rights rights;
    private final SourceFacts facts;
    private final ChunkRecords records;
    private final EntryBlock block = new EntryBlock(FIRST_BLOCK, MAX_BLOCK);
    private final Map<StreamId, Way> ways = new HashMap<>();
    private long blockBytes;
    private @Nullable Way last;

    /**
     * A spool, and how its connections wait for it.
     *
     * @param durability what an acknowledgement waits for
     */
    private record Way(Spool spool, Durability durability, Receipt.NoRoom noRoom) {}

    LoopIntake(Intake intake, AckMode ack, Rights rights, SourceFacts facts, EventWriter writer) {
        this.intake = intake;
        this.ack = ack;
        this.rights = rights;
        this.facts = facts;
        this.records = new ChunkRecords(writer);
    }

    @SuppressWarnings("ReferenceEquality") // there is one Way per stream: comparing more would only take time
    Receipt take(Chunk chunk) {
        Optional<String> objection = rights.objectionToTag(chunk);
        if (objection.isPresent()) {
            return forbidden(chunk, objection.get());
        }
        boolean log4j = chunk.source().equals(LOG4J);
        Destination byTag = intake.router().forward(chunk.tag());
        Way way = null;
        clear();
        while (chunk.next()) {
            String logger = log4j ? chunk.text(LOGGER).orElse("") : "";
            Destination destination = log4j ? intake.router().log4j(logger) : byTag;
            Way next;
            try {
                next = way(destination.stream());
            } catch (TooManyStreamsException tooMany) {
                facts.refused(Refusal.TOO_MANY_STREAMS, chunk.peer().toString(), String.valueOf(tooMany.getMessage()));
                return LATER;
            }
            boolean changes = next != way;
            if (changes) {
                objection = rights.objectionToStream(chunk, destination.stream().stream());
                if (objection.isPresent()) {
                    return forbidden(chunk, objection.get());
                }
            }
            if (way != null && changes && block.count() > 0) {
                Receipt receipt = append(way, chunk, false);
                if (receipt != Receipt.TAKEN) {
                    return receipt;
                }
            }
            way = next;
            if (!write(chunk, destination, log4j, logger)) {
                return new Receipt.Refused(
                        "an event is larger as JSON than the " + RecordEncoder.MAX_BYTES + " bytes of any record");
            }
            if (block.size() >= FULL_BLOCK) {
                Receipt receipt = append(next, chunk, true);
                if (receipt != Receipt.TAKEN) {
                    return receipt;
                }
            }
        }
        return way == null || block.count() == 0 ? Receipt.TAKEN : append(way, chunk, true);
    }

    private Receipt forbidden(Chunk chunk, String objection) {
        facts.refused(Refusal.FORBIDDEN, chunk.peer().toString(), objection);
        return new Receipt.Refused(objection);
    }

    /** Writes the present event: false when no record could hold it. */
    private boolean write(Chunk chunk, Destination destination, boolean log4j, String logger) {
        int limit = intake.maxRecord().applyAsInt(destination.stream());
        int size = records.write(chunk, destination, log4j, logger, limit, block);
        if (size == EventWriter.TOO_LARGE) {
            facts.refused(
                    Refusal.TOO_LARGE,
                    chunk.peer().toString(),
                    "an event under tag '" + chunk.tag() + "' is larger than the " + limit + " bytes that stream '"
                            + destination.stream().stream() + "' takes: it goes to the dead letters");
            size = records.write(chunk, destination, log4j, logger, RecordEncoder.MAX_BYTES, block);
        }
        blockBytes += Math.max(0, size);
        return size != EventWriter.TOO_LARGE;
    }

    /** @param withPresent whether the chunk's present event is in the block */
    private Receipt append(Way way, Chunk chunk, boolean withPresent) {
        long offset = way.spool.append(block);
        if (offset >= 0) {
            facts.accepted(block.count(), blockBytes);
            stored(chunk, ack == AckMode.MEMORY ? Durability.IMMEDIATE : way.durability, offset, withPresent);
        } else if (offset == Spool.FULL) {
            facts.heldBack(way.spool.stream().stream());
            return way.noRoom;
        } else if (offset == Spool.DROPPED) {
            facts.dropped(block.count());
            stored(chunk, Durability.IMMEDIATE, 0, withPresent);
        } else {
            return new Receipt.Refused(
                    "the spool of stream '" + way.spool.stream().stream() + "' has failed or is closing");
        }
        clear();
        return Receipt.TAKEN;
    }

    private static void stored(Chunk chunk, Durability where, long offset, boolean withPresent) {
        if (withPresent) {
            chunk.stored(where, offset);
        } else {
            chunk.storedBefore(where, offset);
        }
    }

    private void clear() {
        block.clear();
        blockBytes = 0;
    }

    private Way way(StreamId stream) {
        Way recent = last;
        if (recent != null && recent.spool.stream().equals(stream)) {
            return recent;
        }
        Way known = ways.get(stream);
        if (known == null) {
            Spool spool = intake.spools().spool(stream);
            known = new Way(
                    spool,
                    new SpoolDurability(ack == AckMode.DELIVERED ? spool.delivered() : spool.durable()),
                    new Receipt.NoRoom(spool::onRoom));
            ways.put(stream, known);
        }
        last = known;
        return known;
    }
}
