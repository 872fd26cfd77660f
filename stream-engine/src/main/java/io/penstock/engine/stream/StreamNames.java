package io.penstock.engine.stream;

import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.scope.Scope;
import java.util.Optional;

/**
 * Finds what calls name. Immutable, thread-safe.
 *
 * <p>A name is of the call's own account and region; an ARN says of which it is. The partition of an ARN does not count.
 */
public final class StreamNames {
    private static final String STREAM = ":stream/";

    private final Streams streams;

    public StreamNames(Streams streams) {
        this.streams = streams;
    }

    /**
     * The stream that a call names by name, ARN or id.
     *
     * @param scope of the call
     * @param arn of the stream, or of one of its consumers
     */
    public LiveStream require(Scope scope, Optional<String> name, Optional<String> arn, Optional<String> id) {
        Optional<String> ofArn = arn.map(StreamNames::nameInArn);
        if (name.isPresent() && ofArn.isPresent() && !name.get().equals(ofArn.get())) {
            throw ServiceException.invalidArgument(
                    "StreamName " + name.get() + " and StreamARN " + arn.get() + " name different streams.");
        }
        Scope place = arn.flatMap(Scope::ofArn).orElse(scope);
        Optional<String> either = name.or(() -> ofArn);
        if (either.isPresent()) {
            LiveStream stream = streams.find(place, either.get()).orElseThrow(() -> notFound(place, either.get()));
            if (id.isPresent() && !id.get().equals(stream.meta().id())) {
                throw notFound(place, either.get() + " with the id " + id.get());
            }
            return stream;
        }
        if (id.isEmpty()) {
            throw ServiceException.invalidArgument("Either StreamName or StreamARN must be given.");
        }
        return streams.findById(id.get())
                .filter(stream -> stream.meta().scope().equals(scope))
                .orElseThrow(() -> notFound(scope, "with the id " + id.get()));
    }

    /** As {@link #require}, for calls with records: refused while the stream is being created or deleted. */
    public LiveStream requireUsable(Scope scope, Optional<String> name, Optional<String> arn, Optional<String> id) {
        LiveStream stream = require(scope, name, arn, id);
        StreamStatus status = stream.status();
        if (status == StreamStatus.CREATING || status == StreamStatus.DELETING) {
            throw notFound(stream.meta().scope(), stream.meta().name());
        }
        return stream;
    }

    private ServiceException notFound(Scope scope, String stream) {
        return streams.whyUnusable(scope, stream)
                .map(reason -> new ServiceException(ErrorType.INTERNAL_FAILURE, reason))
                .orElseGet(() -> ServiceException.notFound(
                        "Stream " + stream + " under account " + scope.account() + " not found."));
    }

    /** The shard of a stream that a call names. */
    public static Shard requireShard(StreamMeta meta, String shardId) {
        Optional<Integer> index = Shard.indexIn(shardId);
        return index.flatMap(meta::shard)
                .orElseThrow(() -> ServiceException.notFound(
                        "Shard " + index.map(Shard::id).orElse(shardId) + " in stream " + meta.name()
                                + " under account " + meta.scope().account() + " does not exist"));
    }

    /** As {@link #requireShard}, with the words of the calls that change shards. */
    public static Shard findShard(StreamMeta meta, String shardId) {
        Optional<Integer> index = Shard.indexIn(shardId);
        return index.flatMap(meta::shard)
                .orElseThrow(() -> ServiceException.notFound(
                        "Could not find shard " + index.map(Shard::id).orElse(shardId) + " in stream " + meta.name()
                                + " under account " + meta.scope().account() + "."));
    }

    /** The stream's name in the ARN of a stream or of a consumer; for any other text, a name that no stream has. */
    public static String nameInArn(String arn) {
        int start = arn.indexOf(STREAM);
        if (start < 0) {
            return "";
        }
        int from = start + STREAM.length();
        int to = arn.indexOf('/', from);
        return to < 0 ? arn.substring(from) : arn.substring(from, to);
    }
}
