package io.penstock.agent.sessions;

import io.penstock.base.ack.Watermark;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.time.AgeClock;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.StreamId;
import io.penstock.mqtt.session.SessionStore.Owner;
import io.penstock.mqtt.session.SessionStore.Recovered;
import io.penstock.mqtt.session.SessionStore.RecoveredId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of earlier runs at a start: what the log knew of them, then what the spools add or show to be void, until
 * each owner has asked for its own. Any thread; waits for the disk while a spool is opened.
 */
final class EarlierSessions {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final MarkedStreams streams;
    private final LooseEntries loose;
    private final AgeClock clock;
    private final Function<Replay.Old, LoggedSession> recall;

    // Guarded by the monitor.
    private final Set<Owner> asked = EnumSet.noneOf(Owner.class);
    private @Nullable Replay replay;

    /** @param recall makes a session of this run */
    EarlierSessions(
            Replay replay,
            MarkedStreams streams,
            LooseEntries loose,
            AgeClock clock,
            Function<Replay.Old, LoggedSession> recall) {
        this.replay = replay;
        this.streams = streams;
        this.loose = loose;
        this.clock = clock;
        this.recall = recall;
    }

    /** True if all owners have asked for theirs. */
    synchronized boolean areAdopted() {
        return replay == null;
    }

    /** A spool is being opened. Returns from which offset on {@link #recovered} is to be told of its marks. */
    synchronized long opening(Spool spool, long start, long end) {
        StreamState stream = streams.of(spool);
        Replay known = replay;
        if (known == null || known.sessions.isEmpty()) {
            return Long.MAX_VALUE;
        }
        stream.marked = true;
        boolean found = loose.write(out -> known.sessions.values().forEach(old -> releaseVoid(old, stream, end, out)));
        if (found) {
            // Durable before the spool takes anything in: its new records will have these offsets.
            loose.awaitDurable(LONGEST_WAIT);
        }
        return Math.max(start, known.storedBelow(stream.number));
    }

    private static void releaseVoid(Replay.Old old, StreamState stream, long end, GrowingBytes out) {
        old.unreleased.entrySet().removeIf(id -> {
            Replay.Place place = id.getValue();
            boolean isVoid = place.stream() == stream.number && place.offset() >= end;
            if (isVoid) {
                out.put(Op.RELEASED);
                Op.putLong(out, old.number);
                out.putInt(old.epoch);
                Op.putShort(out, id.getKey());
            }
            return isVoid;
        });
    }

    /** Tells of a mark in a spool that is being opened. */
    synchronized void recovered(StreamId stream, long session, long sequence, int packetId, long offset) {
        Replay known = replay;
        StreamState state = streams.get(stream);
        Replay.Old old = known == null ? null : known.sessions.get(session);
        if (old == null || state == null || sequence <= old.sequence) {
            return;
        }
        old.newest = Math.max(old.newest, sequence);
        old.unreleased.put(packetId, new Replay.Place(state.number, offset));
    }

    /** The sessions of an owner, once. */
    synchronized List<Recovered> of(Owner owner) {
        List<Recovered> all = new ArrayList<>();
        Replay known = replay;
        if (known != null && asked.add(owner)) {
            for (Replay.Old old : known.sessions.values()) {
                if (old.owner == owner) {
                    all.add(recall(old, known));
                }
            }
            if (asked.size() == Owner.values().length) {
                replay = null;
            }
        }
        return all;
    }

    private Recovered recall(Replay.Old old, Replay known) {
        List<RecoveredId> ids = new ArrayList<>();
        old.unreleased.forEach(
                (packetId, place) -> recall(packetId, place, known).ifPresent(ids::add));
        if (ids.removeIf(id -> id.packetId() == Replay.WILL)) {
            old.details = new byte[0];
        }
        LoggedSession session = recall.apply(old);
        Duration since = old.connected ? Duration.ZERO : Duration.ofMillis(clock.ageOf(old.endedAt));
        return new Recovered(old.name, session, old.expirySeconds, since, old.details, ids);
    }

    private Optional<RecoveredId> recall(int packetId, Replay.Place place, Replay known) {
        RecoveredId certain = new RecoveredId(packetId, Watermark.IMMEDIATE, 0);
        StreamId id = known.streams.get(place.stream());
        StreamState stream = id == null ? streams.get(place.stream()) : streams.get(id);
        if (place.stream() == Replay.CERTAIN || stream == null) {
            return Optional.of(certain);
        }
        if (stream.spool == null) {
            // The spool is not there yet. What may be missing in it counts as missing: rather stored twice than lost.
            return place.offset() < known.storedBelow(stream.number) ? Optional.of(certain) : Optional.empty();
        }
        boolean passed = stream.acknowledged.end() > place.offset() || stream.acknowledged.failed();
        return Optional.of(passed ? certain : new RecoveredId(packetId, stream.acknowledged, place.offset()));
    }
}
