package io.penstock.engine.api;

import com.linecorp.armeria.common.HttpData;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.limit.ReadLimits;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.Positions;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.stream.ShardReader;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.stream.StreamNames;
import io.penstock.engine.watch.Readers;
import io.penstock.engine.wire.Answer;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Input;
import io.penstock.engine.wire.KinesisModel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** GetShardIterator and GetRecords. Stateless, thread-safe; reads the disk. */
final class RecordOperations {
    private static final int MOST_RECORDS = 10_000;
    private static final long MOST_BYTES = 10L << 20;
    private static final long LEAST_BYTES = 1 << 16;
    /** Memory per byte of a record, see {@link RecordWriter}. */
    private static final int COST = 3;

    private final Context context;
    private final Positions positions;
    private final ShardReader reader;
    private final ReadLimits limits;

    RecordOperations(Context context, ReadLimits limits) {
        this.context = context;
        this.positions = new Positions(context.streams(), context.clock());
        this.reader = new ShardReader(context.clock());
        this.limits = limits;
    }

    void addTo(Map<KinesisModel, Operation> operations) {
        operations.put(KinesisModel.GET_SHARD_ITERATOR, this::iterator);
    }

    private byte[] iterator(Input input, Codec codec) throws IOException {
        LiveStream stream = context.usableStream(input);
        Shard shard = StreamNames.requireShard(stream.meta(), input.text("ShardId"));
        Positions.Start start = position(
                input.text("ShardIteratorType"),
                input.optionalText("StartingSequenceNumber"),
                input.optionalTime("Timestamp"));
        Positions.Position found = positions.find(stream, shard, start);
        refuseDryRun(input);
        return Answer.begin(codec)
                .text("ShardIterator", positions.iterator(found))
                .end();
    }

    /** To be called when a call has passed every check, and before it has an effect. */
    static void refuseDryRun(Input input) {
        if (input.flag("DryRun")) {
            throw ServiceException.dryRun();
        }
    }

    static Positions.Start position(String type, Optional<String> sequenceNumber, Optional<Long> time) {
        boolean bySequence = type.endsWith("_SEQUENCE_NUMBER");
        boolean byTime = type.equals("AT_TIMESTAMP");
        if (bySequence != sequenceNumber.isPresent()) {
            throw ServiceException.invalidArgument(
                    "Must " + (bySequence ? "" : "not ") + "specify a starting sequence number with " + type + ".");
        }
        if (byTime != time.isPresent()) {
            throw ServiceException.invalidArgument(
                    "Must " + (byTime ? "" : "not ") + "specify a timestamp with " + type + ".");
        }
        return switch (type) {
            case "AT_SEQUENCE_NUMBER" -> new Positions.Start.AtSequenceNumber(sequenceNumber.orElseThrow());
            case "AFTER_SEQUENCE_NUMBER" -> new Positions.Start.AfterSequenceNumber(sequenceNumber.orElseThrow());
            case "AT_TIMESTAMP" -> new Positions.Start.AtTimestamp(time.orElseThrow());
            case "LATEST" -> new Positions.Start.Latest();
            default -> new Positions.Start.TrimHorizon();
        };
    }

    /**
     * GetRecords.
     *
     * @param hold the answer's memory; at the end it holds the answer's size
     * @param reads who calls
     */
    List<HttpData> records(Input input, Codec codec, AnswerHold hold, Readers.Reader reads) throws IOException {
        Positions.Position position = positions.resolve(input.token("ShardIterator"), input.scope());
        StreamMeta meta = position.stream().meta();
        input.optionalText("StreamARN")
                .filter(arn -> !arn.endsWith(":stream/" + meta.name()))
                .ifPresent(arn -> {
                    throw ServiceException.invalidArgument("The shard iterator is of another stream than " + arn + ".");
                });
        refuseDryRun(input);
        if (!limits.admit(meta.id(), position.shard().index())) {
            throw new ServiceException(
                    ErrorType.THROUGHPUT_EXCEEDED,
                    "Rate exceeded for shard " + position.shard().id() + " in stream " + meta.name() + " under account "
                            + meta.scope().account() + ".");
        }
        int limit = input.optionalWhole("Limit").orElse(MOST_RECORDS);
        Answer answer = Answer.begin(codec, 1 << 12).list("Records");
        RecordWriter writer = new RecordWriter(answer, meta, context.clock(), hold);
        ShardReader.Result result =
                reader.read(position, limit, fairShare(context.memory().answers()), writer.of(position.shard()));
        if (result.count() == 0 && writer.cutShort()) {
            throw new ServiceException(
                    ErrorType.SERVICE_UNAVAILABLE, "The answers under way take all memory; try again in a moment.");
        }
        answer.endList();
        context.meters().read(result.count(), writer.bytes());
        int shard = position.shard().index();
        context.watch().traffic().of(meta.id()).shard(shard).out(result.count(), writer.bytes());
        context.watch().readers().read(meta.id(), shard, reads, result.count(), writer.bytes(), result.millisBehind());
        limits.spent(meta.id(), shard, writer.bytes());
        if (!result.ended()) {
            answer.text(
                    "NextShardIterator",
                    positions.iterator(new Positions.Position(position.stream(), position.shard(), result.next())));
        }
        answer.whole("MillisBehindLatest", result.millisBehind());
        if (result.ended()) {
            Descriptions.childShards(answer, position.shard(), meta);
        }
        List<HttpData> body = answer.endInPieces().stream().map(HttpData::wrap).toList();
        hold.settle(answer.memory());
        return body;
    }

    /** A quarter of the free memory, as bytes of records; never less than a minimum, so that every call progresses. */
    private static long fairShare(MemoryBudget.Account account) {
        return Math.min(MOST_BYTES, Math.max(LEAST_BYTES, account.free() / 4 / COST));
    }
}
