package io.penstock.engine.api;

import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.stream.Distribution;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.stream.StreamMode;
import io.penstock.engine.stream.StreamOptions;
import io.penstock.engine.stream.StreamStatus;
import io.penstock.engine.wire.Answer;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Input;
import io.penstock.engine.wire.KinesisModel;
import java.io.IOException;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Settings of a stream: retention, record size, mode, throughput, encryption. Stateless, thread-safe. */
final class OptionOperations {
    private static final int LEAST_RETENTION = 24;
    private static final int MOST_RETENTION = 8760;

    private final Context context;

    OptionOperations(Context context) {
        this.context = context;
    }

    void addTo(Map<KinesisModel, Operation> operations) {
        operations.put(KinesisModel.INCREASE_STREAM_RETENTION_PERIOD, this::increaseRetention);
        operations.put(KinesisModel.DECREASE_STREAM_RETENTION_PERIOD, this::decreaseRetention);
        operations.put(KinesisModel.UPDATE_MAX_RECORD_SIZE, this::updateMaxRecordSize);
        operations.put(KinesisModel.UPDATE_STREAM_MODE, this::updateMode);
        operations.put(KinesisModel.UPDATE_STREAM_RECORD_DISTRIBUTION_STRATEGY, this::updateDistribution);
        operations.put(KinesisModel.UPDATE_STREAM_WARM_THROUGHPUT, this::updateWarmThroughput);
        operations.put(KinesisModel.START_STREAM_ENCRYPTION, this::startEncryption);
        operations.put(KinesisModel.STOP_STREAM_ENCRYPTION, this::stopEncryption);
    }

    private StreamMeta change(Input input, UnaryOperator<StreamOptions> change) throws IOException {
        LiveStream stream = context.stream(input);
        return stream.change(meta -> {
            stream.requireActive(context.clock().millis());
            return meta.withOptions(change.apply(meta.options()));
        });
    }

    /** As {@link #change}; the stream is UPDATING for the transition time. */
    private StreamMeta changeSlowly(Input input, UnaryOperator<StreamOptions> change) throws IOException {
        LiveStream stream = context.stream(input);
        return stream.change(meta -> {
            stream.requireActive(context.clock().millis());
            return meta.withOptions(change.apply(meta.options()))
                    .withTransition(StreamStatus.UPDATING, context.settlesAt());
        });
    }

    private byte[] increaseRetention(Input input, Codec codec) throws IOException {
        int hours = retention(input);
        change(input, options -> {
            if (hours < options.retentionHours()) {
                throw ServiceException.invalidArgument("Requested retention period (" + hours + " hours) for stream "
                        + name(input) + " can not be shorter than existing retention period ("
                        + options.retentionHours() + " hours). Use DecreaseRetentionPeriod API.");
            }
            return options.withRetentionHours(hours);
        });
        return Operation.NOTHING;
    }

    private byte[] decreaseRetention(Input input, Codec codec) throws IOException {
        int hours = retention(input);
        change(input, options -> {
            if (hours > options.retentionHours()) {
                throw ServiceException.invalidArgument("Requested retention period (" + hours + " hours) for stream "
                        + name(input) + " can not be longer than existing retention period ("
                        + options.retentionHours() + " hours). Use IncreaseRetentionPeriod API.");
            }
            return options.withRetentionHours(hours);
        });
        return Operation.NOTHING;
    }

    private String name(Input input) {
        return context.stream(input).meta().name();
    }

    private static int retention(Input input) {
        int hours = input.whole("RetentionPeriodHours");
        if (hours < LEAST_RETENTION) {
            throw ServiceException.invalidArgument("Minimum allowed retention period is " + LEAST_RETENTION
                    + " hours. Requested retention period (" + hours + " hours) is too short.");
        }
        if (hours > MOST_RETENTION) {
            throw ServiceException.invalidArgument("Maximum allowed retention period is " + MOST_RETENTION
                    + " hours. Requested retention period (" + hours + " hours) is too long.");
        }
        return hours;
    }

    private byte[] updateMaxRecordSize(Input input, Codec codec) throws IOException {
        changeSlowly(input, options -> options.withMaxRecordKiB(input.whole("MaxRecordSizeInKiB")));
        return Operation.NOTHING;
    }

    private byte[] updateMode(Input input, Codec codec) throws IOException {
        StreamMode mode =
                StreamMode.valueOf(input.structure("StreamModeDetails").text("StreamMode"));
        input.optionalWhole("WarmThroughputMiBps")
                .filter(warm -> mode == StreamMode.PROVISIONED)
                .ifPresent(warm -> {
                    throw warmNeedsOnDemand();
                });
        changeSlowly(input, options -> {
            requireOnDemand(options.distribution(), mode);
            return options.withMode(mode)
                    .withWarmThroughputMiBps(
                            input.optionalWhole("WarmThroughputMiBps").orElse(options.warmThroughputMiBps()));
        });
        return Operation.NOTHING;
    }

    /** Takes effect at once: the stream stays ACTIVE. */
    private byte[] updateDistribution(Input input, Codec codec) throws IOException {
        Distribution distribution = Distribution.valueOf(input.text("RecordDistributionStrategy"));
        change(input, options -> {
            requireOnDemand(distribution, options.mode());
            return options.withDistribution(distribution);
        });
        return Operation.NOTHING;
    }

    static void requireOnDemand(Distribution distribution, StreamMode mode) {
        if (distribution == Distribution.AUTO && mode != StreamMode.ON_DEMAND) {
            throw ServiceException.invalidArgument("The record distribution strategy AUTO is only supported for streams"
                    + " in ON_DEMAND mode, and this stream is in " + mode + " mode.");
        }
    }

    private byte[] updateWarmThroughput(Input input, Codec codec) throws IOException {
        int warm = input.whole("WarmThroughputMiBps");
        StreamMeta meta = changeSlowly(input, options -> {
            if (options.mode() != StreamMode.ON_DEMAND) {
                throw warmNeedsOnDemand();
            }
            return options.withWarmThroughputMiBps(warm);
        });
        return Answer.begin(codec)
                .text("StreamARN", meta.arn())
                .text("StreamName", meta.name())
                .object("WarmThroughput")
                .whole("TargetMiBps", warm)
                .whole("CurrentMiBps", warm)
                .endObject()
                .end();
    }

    static ServiceException warmNeedsOnDemand() {
        return ServiceException.validation("Warm throughput is for streams in ON_DEMAND mode.");
    }

    private byte[] startEncryption(Input input, Codec codec) throws IOException {
        requireKms(input);
        changeSlowly(input, options -> options.withEncryptionKey(input.text("KeyId")));
        return Operation.NOTHING;
    }

    private byte[] stopEncryption(Input input, Codec codec) throws IOException {
        requireKms(input);
        changeSlowly(input, options -> options.withEncryptionKey(""));
        return Operation.NOTHING;
    }

    private static void requireKms(Input input) {
        if (!input.text("EncryptionType").equals("KMS")) {
            throw ServiceException.invalidArgument("EncryptionType must be KMS.");
        }
    }
}
