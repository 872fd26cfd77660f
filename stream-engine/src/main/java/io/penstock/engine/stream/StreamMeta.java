package io.penstock.engine.stream;

import io.penstock.engine.scope.Scope;
import java.util.List;
import java.util.Optional;

/**
 * The stored metadata of a stream. Immutable; changed by compare-and-set in the store.
 *
 * @param format version of this document
 * @param name the stream's name
 * @param id a unique id; a later stream of the same name has another one
 * @param secret signs the stream's iterators
 * @param createdAt date in epoch milliseconds; part of all its sequence numbers, so it never changes
 * @param transition the status until {@code settlesAt}; afterwards the stream is ACTIVE, or deleted after DELETING
 * @param settlesAt by the age clock
 * @param options the settings of the stream
 * @param shards by index; closed ones are kept until their records have expired
 * @param nextShard the index of the next shard
 * @param consumers registered consumers
 * @param scope account and region; metadata of versions that knew one scope only has none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; Jackson writes it as Base64
public record StreamMeta(
        int format,
        String name,
        String id,
        byte[] secret,
        long createdAt,
        StreamStatus transition,
        long settlesAt,
        StreamOptions options,
        List<Shard> shards,
        int nextShard,
        List<Consumer> consumers,
        Scope scope) {
    static final int FORMAT = 1;

    /** The maximum duration of a transition in milliseconds. */
    public static final long LONGEST_TRANSITION = 600_000;

    public StreamMeta {
        shards = List.copyOf(shards);
        consumers = List.copyOf(consumers);
    }

    /** The status at a time. A stream whose deletion is due is DELETING until its owner removes it. */
    public StreamStatus status(long now) {
        return hasSettled(now) && transition != StreamStatus.DELETING ? StreamStatus.ACTIVE : transition;
    }

    /** True if the transition is over. A transition also ends if the clock's state was lost since it began. */
    boolean hasSettled(long now) {
        return now >= settlesAt || settlesAt - now > LONGEST_TRANSITION;
    }

    public StreamMeta withTransition(StreamStatus status, long settles) {
        return new StreamMeta(
                format, name, id, secret, createdAt, status, settles, options, shards, nextShard, consumers, scope);
    }

    public StreamMeta withOptions(StreamOptions value) {
        return new StreamMeta(
                format, name, id, secret, createdAt, transition, settlesAt, value, shards, nextShard, consumers, scope);
    }

    public StreamMeta withShards(List<Shard> value, int next) {
        return new StreamMeta(
                format, name, id, secret, createdAt, transition, settlesAt, options, value, next, consumers, scope);
    }

    public StreamMeta withConsumers(List<Consumer> value) {
        return new StreamMeta(
                format, name, id, secret, createdAt, transition, settlesAt, options, shards, nextShard, value, scope);
    }

    public String arn() {
        return scope.arn("stream/" + name);
    }

    public String arn(Consumer consumer) {
        return arn() + "/consumer/" + consumer.name() + ":" + consumer.createdAt() / 1000;
    }

    public List<Shard> openShards() {
        return shards.stream().filter(Shard::isOpen).toList();
    }

    public Optional<Shard> shard(int index) {
        // Indexes rise with the position in the list, but expired shards leave gaps.
        int place = shards.isEmpty() ? 0 : index - shards.get(0).index();
        if (place >= 0 && place < shards.size() && shards.get(place).index() == index) {
            return Optional.of(shards.get(place));
        }
        return shards.stream().filter(shard -> shard.index() == index).findFirst();
    }

    public List<Shard> childrenOf(Shard parent) {
        return shards.stream().filter(shard -> shard.isChildOf(parent)).toList();
    }
}
