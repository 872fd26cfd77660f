package io.penstock.engine.stream;

import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.scope.Scope;
import java.util.Optional;

/**
 * Names, ARNs and ids of streams and consumers. Immutable, thread-safe.
 *
 * <p>Of an ARN only the stream's name counts. Partition, region and account may have any value, because clients are
 * often configured for another place than this engine.
 */
public final class StreamNames {
    private static final String STREAM = ":stream/";
    private static final String CONSUMER = "/consumer/";

    private final Streams streams;
    private final Scope scope;
    private final String prefix;
    private final String account;

    public StreamNames(Streams streams, String region) {
        this.streams = streams;
        this.account = streams.limits().account();
        this.scope = new Scope(account, region);
        this.prefix = scope.arn("stream/");
    }

    public Scope scope() {
        return scope;
    }

    public String arn(String stream) {
        return prefix + stream;
    }

    public String consumerArn(String stream, Consumer consumer) {
        return prefix + stream + CONSUMER + consumer.name() + ":" + consumer.createdAt() / 1000;
    }

    /** The stream that a call names by name, ARN or id. */
    public LiveStream require(Optional<String> name, Optional<String> arn, Optional<String> id) {
        Optional<String> ofArn = arn.map(StreamNames::nameInArn);
        if (name.isPresent() && ofArn.isPresent() && !name.get().equals(ofArn.get())) {
            throw ServiceException.invalidArgument(
                    "StreamName " + name.get() + " and StreamARN " + arn.get() + " name different streams.");
        }
        Optional<String> either = name.or(() -> ofArn);
        if (either.isPresent()) {
            LiveStream stream = streams.find(either.get()).orElseThrow(() -> notFound(either.get()));
            if (id.isPresent() && !id.get().equals(stream.meta().id())) {
                throw notFound(either.get() + " with the id " + id.get());
            }
            return stream;
        }
        if (id.isEmpty()) {
            throw ServiceException.invalidArgument("Either StreamName or StreamARN must be given.");
        }
        return streams.findById(id.get()).orElseThrow(() -> notFound("with the id " + id.get()));
    }

    /** As {@link #require}, for calls with records: refused while the stream is being created or deleted. */
    public LiveStream requireUsable(Optional<String> name, Optional<String> arn, Optional<String> id) {
        LiveStream stream = require(name, arn, id);
        StreamStatus status = stream.status();
        if (status == StreamStatus.CREATING || status == StreamStatus.DELETING) {
            throw notFound(stream.meta().name());
        }
        return stream;
    }

    private ServiceException notFound(String stream) {
        return streams.whyUnusable(stream)
                .map(reason -> new ServiceException(ErrorType.INTERNAL_FAILURE, reason))
                .orElseGet(() ->
                        ServiceException.notFound("Stream " + stream + " under account " + account + " not found."));
    }

    /** The shard of a stream that a call names. */
    public Shard requireShard(StreamMeta meta, String shardId) {
        return Shard.indexIn(shardId)
                .flatMap(meta::shard)
                .orElseThrow(() -> ServiceException.notFound("Shard " + shardId + " in stream " + meta.name()
                        + " under account " + account + " does not exist"));
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
