package io.penstock.engine.api;

import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.stream.Distribution;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.stream.StreamMode;
import io.penstock.engine.stream.StreamNames;
import io.penstock.engine.stream.StreamOptions;
import io.penstock.engine.stream.StreamStatus;
import io.penstock.engine.wire.Answer;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Input;
import io.penstock.engine.wire.KinesisModel;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Creating, deleting, describing and listing streams. Stateless, thread-safe. */
final class StreamOperations {
    private static final int DEFAULT_SHARDS = 4;
    private static final int DEFAULT_PAGE = 100;
    private static final String LIST = "streams";

    private final Context context;

    StreamOperations(Context context) {
        this.context = context;
    }

    void addTo(Map<KinesisModel, Operation> operations) {
        operations.put(KinesisModel.CREATE_STREAM, this::create);
        operations.put(KinesisModel.DELETE_STREAM, this::delete);
        operations.put(KinesisModel.DESCRIBE_STREAM, this::describe);
        operations.put(KinesisModel.DESCRIBE_STREAM_SUMMARY, this::summary);
        operations.put(KinesisModel.LIST_STREAMS, this::list);
    }

    private byte[] create(Input input, Codec codec) throws IOException {
        StreamMode mode = input.optionalStructure("StreamModeDetails")
                .map(details -> StreamMode.valueOf(details.text("StreamMode")))
                .orElse(StreamMode.PROVISIONED);
        boolean counted = input.has("ShardCount");
        if (mode == StreamMode.PROVISIONED && input.has("WarmThroughputMiBps")) {
            throw OptionOperations.warmNeedsOnDemand();
        }
        if (mode == StreamMode.ON_DEMAND && counted) {
            throw ServiceException.validation("Requests for on-demand streams must not have a ShardCount.");
        }
        TagOperations.check(input.textMap("Tags"));
        Distribution distribution = input.optionalText("RecordDistributionStrategy")
                .map(Distribution::valueOf)
                .orElse(Distribution.USER_PARTITION_KEY);
        OptionOperations.requireOnDemand(distribution, mode);
        StreamOptions options = StreamOptions.of(mode, context.retentionHours())
                .withTags(input.textMap("Tags"))
                .withMaxRecordKiB(input.optionalWhole("MaxRecordSizeInKiB").orElse(StreamOptions.DEFAULT_RECORD_KIB))
                .withWarmThroughputMiBps(
                        input.optionalWhole("WarmThroughputMiBps").orElse(0))
                .withDistribution(distribution);
        int shards = counted ? input.whole("ShardCount") : DEFAULT_SHARDS;
        context.streams().create(input.scope(), input.text("StreamName"), shards, options, context.transition());
        return Operation.NOTHING;
    }

    private byte[] delete(Input input, Codec codec) throws IOException {
        LiveStream stream = context.stream(input);
        if (!stream.meta().consumers().isEmpty() && !input.flag("EnforceConsumerDeletion")) {
            throw ServiceException.inUse("Stream " + stream.meta().name()
                    + " has registered consumers. Deregister them, or set EnforceConsumerDeletion to true.");
        }
        context.channels().delete(stream.meta(), () -> context.streams().delete(stream, context.transition()));
        return Operation.NOTHING;
    }

    private byte[] describe(Input input, Codec codec) {
        StreamMeta meta = context.stream(input).meta();
        StreamStatus status = meta.status(context.clock().millis());
        int limit = input.optionalWhole("Limit").orElse(DEFAULT_PAGE);
        int after = input.optionalText("ExclusiveStartShardId")
                .map(id -> StreamNames.requireShard(meta, id).index())
                .orElse(-1);
        // The service shows no shards of a stream that is CREATING.
        List<Shard> shards = status == StreamStatus.CREATING
                ? List.of()
                : meta.shards().stream().filter(shard -> shard.index() > after).toList();
        Answer answer = Answer.begin(codec).object("StreamDescription");
        identity(answer, meta, status);
        answer.list("Shards");
        shards.stream().limit(limit).forEach(shard -> Descriptions.shard(answer, shard, meta));
        answer.endList().flag("HasMoreShards", shards.size() > limit);
        options(answer, meta);
        return answer.endObject().end();
    }

    private byte[] summary(Input input, Codec codec) {
        StreamMeta meta = context.stream(input).meta();
        StreamStatus status = meta.status(context.clock().millis());
        Answer answer = Answer.begin(codec).object("StreamDescriptionSummary");
        identity(answer, meta, status);
        // The answer has no StreamId: the AWS SDKs send a call with a StreamId to an Amazon host, whatever endpoint is
        // configured.
        options(answer, meta);
        answer.whole("OpenShardCount", meta.openShards().size())
                .whole("ConsumerCount", meta.consumers().size())
                .whole("ChannelCount", context.channels().of(meta))
                .whole("MaxRecordSizeInKiB", meta.options().maxRecordKiB());
        if (meta.options().mode() == StreamMode.ON_DEMAND) {
            answer.text(
                    "RecordDistributionStrategy", meta.options().distribution().name());
        }
        int warm = meta.options().warmThroughputMiBps();
        if (warm > 0) {
            answer.object("WarmThroughput")
                    .whole("TargetMiBps", warm)
                    .whole("CurrentMiBps", warm)
                    .endObject();
        }
        return answer.endObject().end();
    }

    private void identity(Answer answer, StreamMeta meta, StreamStatus status) {
        answer.text("StreamName", meta.name()).text("StreamARN", meta.arn()).text("StreamStatus", status.name());
        Descriptions.mode(answer, meta.options());
        answer.time("StreamCreationTimestamp", meta.createdAt());
    }

    private static void options(Answer answer, StreamMeta meta) {
        answer.whole("RetentionPeriodHours", meta.options().retentionHours());
        Descriptions.monitoring(answer, meta.options().shardMetrics());
        Descriptions.encryption(answer, meta.options());
    }

    private byte[] list(Input input, Codec codec) {
        long now = context.clock().millis();
        int limit = input.optionalWhole("Limit").orElse(DEFAULT_PAGE);
        String subject = PageToken.subject(input.scope());
        String after = input.optionalToken("NextToken")
                .map(token -> PageToken.decode(token, LIST, now))
                .filter(token -> token.requireSubject(subject))
                .map(PageToken::after)
                .or(() -> input.optionalText("ExclusiveStartStreamName"))
                .orElse("");
        Collection<LiveStream> rest = context.streams().after(input.scope(), after);
        List<StreamMeta> page = rest.stream().limit(limit).map(LiveStream::meta).toList();
        boolean more = rest.size() > limit;
        Answer answer = Answer.begin(codec)
                .texts("StreamNames", page.stream().map(StreamMeta::name).toList())
                .flag("HasMoreStreams", more);
        if (more) {
            answer.text(
                    "NextToken",
                    new PageToken(LIST, subject, page.get(limit - 1).name(), now).encode());
        }
        answer.list("StreamSummaries");
        for (StreamMeta meta : page) {
            answer.object();
            identity(answer, meta, meta.status(now));
            answer.endObject();
        }
        return answer.endList().end();
    }
}
