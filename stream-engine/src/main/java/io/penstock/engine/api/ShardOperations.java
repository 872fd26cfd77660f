package io.penstock.engine.api;

import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.Resharding;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.stream.StreamStatus;
import io.penstock.engine.wire.Answer;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Input;
import io.penstock.engine.wire.KinesisModel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Listing, splitting and merging shards. Stateless, thread-safe. */
final class ShardOperations {
    private static final int DEFAULT_PAGE = 1000;
    private static final String LIST = "shards";

    /** The last shard's index, the filter's type, the filter's argument. */
    private static final Pattern TOKEN_PLACE = Pattern.compile("(\\d{1,9}):([A-Z_]{1,32}):(-?\\d{1,18})");

    private final Context context;
    private final Resharding resharding;

    ShardOperations(Context context, Resharding resharding) {
        this.context = context;
        this.resharding = resharding;
    }

    void addTo(Map<KinesisModel, Operation> operations) {
        operations.put(KinesisModel.LIST_SHARDS, this::list);
        operations.put(KinesisModel.SPLIT_SHARD, this::split);
        operations.put(KinesisModel.MERGE_SHARDS, this::merge);
        operations.put(KinesisModel.UPDATE_SHARD_COUNT, this::updateCount);
    }

    private byte[] list(Input input, Codec codec) {
        long now = context.clock().millis();
        int limit = input.optionalWhole("MaxResults").orElse(DEFAULT_PAGE);
        LiveStream stream;
        int after;
        ShardFilter filter = ShardFilter.ALL;
        if (input.has("NextToken")) {
            refuseBesideToken(input);
            PageToken token = PageToken.decode(input.token("NextToken"), LIST, now);
            stream = context.streams()
                    .findById(token.subject())
                    .filter(found ->
                            found.meta().scope().region().equals(input.scope().region()))
                    .orElseThrow(() -> ServiceException.notFound("The stream of this NextToken no longer exists."));
            Matcher place = TOKEN_PLACE.matcher(token.after());
            if (!place.matches()) {
                throw PageToken.invalid();
            }
            after = Integer.parseInt(place.group(1));
            filter = new ShardFilter(place.group(2), Long.parseLong(place.group(3)));
        } else {
            stream = context.stream(input);
            requireCreation(input, stream.meta());
            after = input.optionalText("ExclusiveStartShardId")
                    .map(ShardOperations::index)
                    .orElse(-1);
            filter = input.optionalStructure("ShardFilter").map(ShardFilter::of).orElse(ShardFilter.ALL);
        }
        StreamMeta meta = stream.meta();
        if (meta.status(now) == StreamStatus.CREATING) {
            stream.requireActive(now);
        }
        ShardFilter wanted = filter;
        List<Shard> shards = meta.shards().stream()
                .filter(shard -> shard.index() > after && wanted.accepts(shard, stream, context.clock()))
                .limit(limit + 1L)
                .toList();
        Answer answer =
                Answer.begin(codec, 400 * Math.min(limit, shards.size()) + 64).list("Shards");
        shards.stream().limit(limit).forEach(shard -> Descriptions.shard(answer, shard, meta));
        answer.endList();
        if (shards.size() > limit) {
            String last = shards.get(limit - 1).index() + ":" + filter.type() + ":" + filter.argument();
            answer.text("NextToken", new PageToken(LIST, meta.id(), last, now).encode());
        }
        return answer.end();
    }

    private static void refuseBesideToken(Input input) {
        for (String other : List.of("StreamName", "StreamARN", "StreamCreationTimestamp", "ExclusiveStartShardId")) {
            if (input.has(other)) {
                throw ServiceException.invalidArgument("NextToken and " + other + " cannot be provided together.");
            }
        }
    }

    private static void requireCreation(Input input, StreamMeta meta) {
        input.optionalTime("StreamCreationTimestamp")
                // Clients that were given whole seconds pass whole seconds back.
                .filter(created -> created / 1000 != meta.createdAt() / 1000)
                .ifPresent(created -> {
                    throw ServiceException.notFound("Stream " + meta.name() + " was not created at that time.");
                });
    }

    private static int index(String shardId) {
        return Shard.indexIn(shardId)
                .orElseThrow(() -> ServiceException.invalidArgument("Invalid shard id: " + shardId + "."));
    }

    private byte[] split(Input input, Codec codec) throws IOException {
        LiveStream stream = context.stream(input);
        resharding.apply(
                stream, resharding.split(stream, input.text("ShardToSplit"), input.text("NewStartingHashKey")));
        return Operation.NOTHING;
    }

    private byte[] merge(Input input, Codec codec) throws IOException {
        LiveStream stream = context.stream(input);
        resharding.apply(
                stream, resharding.merge(stream, input.text("ShardToMerge"), input.text("AdjacentShardToMerge")));
        return Operation.NOTHING;
    }

    private byte[] updateCount(Input input, Codec codec) throws IOException {
        LiveStream stream = context.stream(input);
        StreamMeta meta = stream.meta();
        int current = stream.shards().size();
        int target = input.whole("TargetShardCount");
        resharding.apply(stream, resharding.uniform(stream, target));
        return Answer.begin(codec)
                .text("StreamName", meta.name())
                .whole("CurrentShardCount", current)
                .whole("TargetShardCount", target)
                .text("StreamARN", meta.arn())
                .end();
    }
}
