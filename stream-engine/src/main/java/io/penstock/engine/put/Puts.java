package io.penstock.engine.put;

import io.netty.channel.EventLoop;
import io.penstock.base.fault.Guard;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Input;
import io.penstock.engine.wire.KinesisModel;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PutRecord and PutRecords: reads and checks the call's body, and gives its records to a {@link PutTarget}. Called on
 * event loops and never blocks. The answer comes on the same loop.
 *
 * <p>Ordered put is an extension that the caller requests: after the first record of a partition key fails, every later
 * record of that key in the call fails too, with the same code. So a retry of the failed records keeps the key's order.
 */
public final class Puts {
    /** The maximum size of keys and data in one PutRecords call, in bytes. */
    private static final long MAX_CALL_BYTES = 10L << 20;

    /**
     * A body above this size is read on a worker when it needs more than one pass, so that other connections need not
     * wait.
     */
    private static final int LARGE_BODY = 1 << 16;

    private static final Logger LOG = LoggerFactory.getLogger(Puts.class);

    private final PutTarget target;
    private final Guard guard = new Guard(LOG);
    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    /** Objects that one event loop reuses from call to call. */
    private static final class Scratch {
        private final PutParser parser = new PutParser();
        private PutBatch batch = new PutBatch();
    }

    /** Receives the answer of a put: one of the two methods is called, once, on any thread. */
    public interface Reply {
        void answered(byte[] body);

        void refused(ServiceException refusal);
    }

    public Puts(PutTarget target) {
        this.target = target;
    }

    /**
     * One PutRecord or PutRecords call.
     *
     * @param ordered true if it requests an ordered put
     * @param authorization the header of that name; empty if the call has none
     * @param peer the client's address
     * @param loop of its connection, on which it is executed and answered
     * @param workers run work that needs several passes over a large body; may block
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; the bytes are read in place
    public record Call(
            byte[] body,
            Codec codec,
            KinesisModel operation,
            boolean ordered,
            String authorization,
            SocketAddress peer,
            EventLoop loop,
            Executor workers,
            Reply reply) {
        /** True for PutRecord. */
        public boolean single() {
            return operation == KinesisModel.PUT_RECORD;
        }
    }

    /** Stores the records of a call's body; refuses the call as a whole if any part is wrong. Call on its loop. */
    public void put(Call call) {
        Scratch mine = scratch.get();
        if (mine.parser.plain(call.body(), call.codec(), call.single(), mine.batch)) {
            answering(call, () -> store(call, mine));
        } else {
            slowly(call, () -> {
                Scratch other = new Scratch();
                Input input = Input.read(call.body(), call.codec(), call.operation());
                other.parser.checked(input, call.single(), other.batch);
                call.loop().execute(() -> answering(call, () -> store(call, other)));
            });
        }
        // The batch refers to the body, which must not stay in memory until the loop's next put.
        mine.batch.clear();
    }

    /** Reads a small body at once, and a large one on a worker. */
    private void slowly(Call call, Runnable reading) {
        if (call.body().length <= LARGE_BODY) {
            answering(call, reading);
        } else {
            call.workers().execute(() -> answering(call, reading));
        }
    }

    /** Answers the call in every case, also after an exception. */
    private void answering(Call call, Runnable work) {
        try {
            work.run();
        } catch (ServiceException refusal) {
            call.reply().refused(refusal);
        } catch (RuntimeException | Error e) {
            guard.failed(call.operation().wireName(), e);
            call.reply()
                    .refused(new ServiceException(
                            ErrorType.INTERNAL_FAILURE, "The put could not be carried out; the log says why."));
        }
    }

    private void store(Call call, Scratch scratch) {
        PutBatch batch = scratch.batch;
        batch.ordered = call.ordered();
        PutTarget.Stream stream;
        try {
            stream = target.stream(
                    call.authorization(),
                    Optional.ofNullable(batch.streamName),
                    Optional.ofNullable(batch.streamArn),
                    Optional.ofNullable(batch.streamId));
        } catch (ServiceException unknown) {
            slowly(call, () -> {
                // An invalid name must get its validation error rather than the answer for an unknown stream.
                Input.read(call.body(), call.codec(), call.operation());
                throw unknown;
            });
            return;
        }
        check(batch, stream, call.single());
        if (batch.dryRun) {
            throw ServiceException.dryRun();
        }
        if (!stream.put(batch, call)) {
            scratch.batch = new PutBatch();
        }
    }

    /** The model lets a key be missing; only some streams do. Words and number of errors are those of the model. */
    private static void requireKeys(PutBatch batch, boolean single) {
        int missing = 0;
        StringBuilder errors = new StringBuilder();
        for (int i = 0; i < batch.count(); i++) {
            if (batch.keyLength(i) == 0 && ++missing <= Input.MOST_ERRORS) {
                String at = single ? "partitionKey" : "records." + (i + 1) + ".member.partitionKey";
                errors.append(missing == 1 ? "" : "; ")
                        .append("Value null at '")
                        .append(at)
                        .append("' failed to satisfy constraint: Member must not be null");
            }
        }
        if (missing > 0) {
            throw ServiceException.validation(
                    missing + (missing == 1 ? " validation error" : " validation errors") + " detected: " + errors);
        }
    }

    private static void check(PutBatch batch, PutTarget.Stream stream, boolean single) {
        if (batch.impossibleHashKey != null) {
            throw ServiceException.invalidArgument(
                    "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was "
                            + batch.impossibleHashKey);
        }
        if (batch.sequenceNumberForOrdering != null) {
            stream.checkOrdering(batch.sequenceNumberForOrdering);
        }
        if (stream.needsKeys()) {
            requireKeys(batch, single);
        }
        int most = stream.maxRecordBytes();
        for (int i = 0; i < batch.count(); i++) {
            if (batch.size(i) > most) {
                String at = single ? "data" : "records." + (i + 1) + ".member.data";
                int length = batch.dataLength(i);
                throw ServiceException.validation(
                        "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=" + length + " cap="
                                + length + "]' at '" + at
                                + "' failed to satisfy constraint: Member must have length less than or equal to "
                                + most + ", the partition key included");
            }
        }
        if (!single && batch.totalSize() > MAX_CALL_BYTES) {
            throw ServiceException.invalidArgument("Records size exceeds " + (MAX_CALL_BYTES >> 20) + " MB limit");
        }
    }
}
