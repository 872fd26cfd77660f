package io.penstock.engine.api;

import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.wire.Answer;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Input;
import io.penstock.engine.wire.KinesisModel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Enhanced monitoring: the enabled shard metrics are stored and returned; they change nothing that is measured.
 * Stateless.
 */
final class MonitoringOperations {
    private static final String ALL = "ALL";
    private static final List<String> EVERY = List.of(
            "IncomingBytes",
            "IncomingRecords",
            "IteratorAgeMilliseconds",
            "OutgoingBytes",
            "OutgoingRecords",
            "ReadProvisionedThroughputExceeded",
            "WriteProvisionedThroughputExceeded");

    private final Context context;

    MonitoringOperations(Context context) {
        this.context = context;
    }

    void addTo(Map<KinesisModel, Operation> operations) {
        operations.put(KinesisModel.ENABLE_ENHANCED_MONITORING, (input, codec) -> change(input, codec, true));
        operations.put(KinesisModel.DISABLE_ENHANCED_MONITORING, (input, codec) -> change(input, codec, false));
    }

    private byte[] change(Input input, Codec codec, boolean enable) throws IOException {
        LiveStream stream = context.stream(input);
        List<String> named = input.texts("ShardLevelMetrics");
        List<String> meant = named.contains(ALL) ? EVERY : named;
        List<String> before = stream.meta().options().shardMetrics();
        StreamMeta after = stream.change(meta -> {
            stream.requireActive(context.clock().millis());
            Set<String> metrics = new TreeSet<>(meta.options().shardMetrics());
            if (enable) {
                metrics.addAll(meant);
            } else {
                meant.forEach(metrics::remove);
            }
            return meta.withOptions(meta.options().withShardMetrics(List.copyOf(metrics)));
        });
        return Answer.begin(codec)
                .text("StreamName", after.name())
                .texts("CurrentShardLevelMetrics", before)
                .texts("DesiredShardLevelMetrics", after.options().shardMetrics())
                .text("StreamARN", after.arn())
                .end();
    }
}
