package io.penstock.engine.stream;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.penstock.base.time.AgeClock;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.scope.Scope;
import io.penstock.journal.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * All channels of an engine, in one file that is replaced with each change. Thread-safe: readers take no lock; a change
 * holds this object's monitor, also during disk access, so it must not be made on an event loop. At most {@value #MOST}
 * channels in a scope, and {@value #MOST_IN_ALL} in all.
 */
public final class Channels {
    /** The number of channels in one account and region. */
    public static final int MOST = 100;

    private static final int MOST_IN_ALL = 1000;
    private static final String FILE = "channels.json";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path folder;
    private final AgeClock clock;
    private volatile List<Channel> all;

    private Channels(Path folder, AgeClock clock, List<Channel> all) {
        this.folder = folder;
        this.clock = clock;
        this.all = List.copyOf(all);
    }

    /** Reads the stored channels, if there are any. */
    public static Channels open(Path folder, AgeClock clock) throws IOException {
        Path file = folder.resolve(FILE);
        if (Files.notExists(file)) {
            return new Channels(folder, clock, List.of());
        }
        try {
            return new Channels(
                    folder, clock, JSON.readValue(Files.readAllBytes(file), new TypeReference<List<Channel>>() {}));
        } catch (IOException e) {
            throw new IOException(
                    file + " is damaged (" + e.getMessage() + "); restore it, or delete it and with it all channels",
                    e);
        }
    }

    /** The channels of a scope, in order of name. */
    public List<Channel> in(Scope scope) {
        long now = clock.millis();
        return all.stream()
                .filter(channel -> channel.scope().equals(scope) && !channel.isGone(now))
                .sorted(Comparator.comparing(Channel::name))
                .toList();
    }

    /** The number of channels of a stream. */
    public int of(StreamMeta stream) {
        long now = clock.millis();
        return (int) all.stream()
                .filter(channel -> channel.streamId().equals(stream.id()) && !channel.isGone(now))
                .count();
    }

    public Channel require(String arn) {
        return find(arn).orElseThrow(() -> ServiceException.notFound("Channel " + arn + " not found."));
    }

    private Optional<Channel> find(String arn) {
        long now = clock.millis();
        return all.stream()
                .filter(channel -> !channel.isGone(now)
                        && arn.endsWith("/" + channel.id())
                        && channel.arn().equals(arn))
                .findFirst();
    }

    /** An action that may write to the disk. */
    @FunctionalInterface
    public interface Action {
        void run() throws IOException;
    }

    /**
     * Adds a channel; durable on return.
     *
     * @param allowed throws a {@link ServiceException} if the channel's stream takes none; no stream is deleted, and no
     *     channel added, from this check until the channel is there
     */
    public synchronized void add(Channel channel, Runnable allowed) throws IOException {
        allowed.run();
        List<Channel> others = in(channel.scope());
        if (others.stream().anyMatch(other -> other.name().equals(channel.name()))) {
            throw ServiceException.inUse("Channel " + channel.name() + " under account "
                    + channel.scope().account() + " already exists.");
        }
        if (others.size() >= MOST || all.size() >= MOST_IN_ALL) {
            throw ServiceException.limitExceeded("This request would exceed the channel limit for the account "
                    + channel.scope().account() + ". Current channel count for the account: " + others.size()
                    + ". Limit: " + MOST + ".");
        }
        List<Channel> more = new ArrayList<>(all);
        more.add(channel);
        save(more);
    }

    /** Changes a channel; durable on return. */
    public synchronized Channel change(String arn, UnaryOperator<Channel> change) throws IOException {
        Channel before = require(arn);
        Channel after = change.apply(before);
        save(all.stream().map(channel -> channel == before ? after : channel).toList());
        return after;
    }

    /** Runs {@code deletion} of a stream, while which no channel is added. Refused if the stream has channels. */
    public synchronized void delete(StreamMeta stream, Action deletion) throws IOException {
        if (of(stream) > 0) {
            throw ServiceException.inUse(
                    "Stream " + stream.name() + " has channels. Find them with ListChannels, and delete them first.");
        }
        deletion.run();
    }

    /** Removes all, and runs {@code deletion} of their streams. */
    public synchronized void clear(Action deletion) throws IOException {
        save(List.of());
        deletion.run();
    }

    private void save(List<Channel> changed) throws IOException {
        long now = clock.millis();
        List<Channel> kept =
                changed.stream().filter(channel -> !channel.isGone(now)).toList();
        AtomicFile.write(folder, FILE, JSON.writeValueAsBytes(kept));
        all = kept;
    }
}
