package io.penstock.agent.admin;

import io.penstock.base.condition.Condition;
import io.penstock.base.condition.Severity;
import io.penstock.delivery.sender.status.StreamUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the agent is doing at one moment, as {@code /api/status}, the status page and {@code penstock status} show it.
 *
 * @param target where the default target's streams are: {@code embedded}, {@code aws} or a URL, and the region
 * @param targets every one, the default one too
 * @param listeners each source's and service's
 * @param bridges each MQTT bridge
 * @param streams each stream that has a spool
 * @param disk the room where the data is; empty while the agent starts
 * @param conditions everything that keeps a part of the agent from its work, the worst and oldest first; each has a
 *     stable id, a severity, a place, a sentence with the particulars and a remedy
 */
public record AgentState(
        Process process,
        String target,
        List<Target> targets,
        List<Listener> listeners,
        List<BridgeStatus> bridges,
        List<Stream> streams,
        Optional<Disk> disk,
        List<Condition> conditions) {
    public AgentState {
        targets = List.copyOf(targets);
        listeners = List.copyOf(listeners);
        bridges = List.copyOf(bridges);
        streams = List.copyOf(streams);
        conditions = List.copyOf(conditions);
    }

    /**
     * Why the agent does not take input, a sentence with its remedy each; empty when it does. An unreachable target, a
     * parked stream, a broker that a bridge does not reach or dead letters never stand here: what comes is kept for
     * them.
     */
    public List<String> unready() {
        return conditions.stream()
                .filter(condition -> condition.severity() == Severity.CANNOT_TAKE_INPUT)
                .map(Condition::text)
                .toList();
    }

    /** Whether every listener is bound and the spool takes input. */
    public boolean ready() {
        return unready().isEmpty() && listeners.stream().allMatch(Listener::bound);
    }

    /**
     * @param version of the agent
     * @param startedAt when it started
     * @param uptime how long ago that was; the clock may have been set since
     * @param dataFolder where spool, engine and dead letters are
     */
    public record Process(String version, Instant startedAt, Duration uptime, String dataFolder) {}

    /**
     * @param freeBytes of the file system that the data is on
     * @param reserveBytes of them that are left in any case
     * @param shortage why nothing more is taken, and the remedy; empty while there is room
     */
    public record Disk(long freeBytes, long reserveBytes, String shortage) {}

    /**
     * @param name default, or the name under {@code targets:}
     * @param endpoint {@code embedded}, {@code aws} or a URL
     * @param region that calls are signed for
     */
    public record Target(String name, String endpoint, String region) {}

    /**
     * @param name mqtt, forward, http, log4j, kinesis-api, engine, admin
     * @param addresses as bound, HOST:PORT
     * @param bound whether it listens
     */
    public record Listener(String name, List<String> addresses, boolean bound) {
        public Listener {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * @param target the target's name
     * @param name the stream's
     * @param deliveredEvents since the start
     * @param deadLetters in the dead-letter file
     * @param lost since the start: given up because the spool was full, and damaged on disk
     * @param usage what it took of its shards in the last hour
     */
    public record Stream(
            String target,
            String name,
            Backlog backlog,
            long deliveredEvents,
            long deadLetters,
            Lost lost,
            Health health,
            StreamUsage usage) {}

    /**
     * What waits in a stream's spool.
     *
     * @param events accepted and not yet delivered
     * @param bytes disk that they take
     * @param oldestAge how long ago the oldest of them was accepted
     */
    public record Backlog(long events, long bytes, Optional<Duration> oldestAge) {}

    /**
     * How a stream does.
     *
     * @param condition what the sender does with it
     * @param detail the condition in words: the last error and its remedy; empty when all is well
     * @param advice what would make better use of the stream's shards, in words; empty when nothing
     * @param notes what went wrong earlier and deserves a look: damage on disk, a sender that failed; one sentence each
     */
    public record Health(StreamState condition, String detail, String advice, List<String> notes) {
        public Health {
            notes = List.copyOf(notes);
        }
    }

    /**
     * Events that a spool took and that are not delivered.
     *
     * @param dropped given up because the spool was full, as {@code when-full} says
     * @param damaged could not be read back from disk
     */
    public record Lost(long dropped, long damaged) {
        public static final Lost NONE = new Lost(0, 0);
    }

    /** What the sender does with a stream. */
    public enum StreamState {
        /** Nothing waits. */
        IDLE,
        /** Records leave. */
        SENDING,
        /** The limits of the stream's shards, or of what its target is sent, slow it down: see the detail. */
        THROTTLED,
        /** The target does not answer, or not well: tried again for as long as it takes. */
        RETRYING,
        /** Refused until someone acts: see the detail. */
        PARKED
    }
}
