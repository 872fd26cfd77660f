package io.penstock.agent.kinesisapi;

import io.penstock.delivery.kinesis.pass.PassedAnswer;
import io.penstock.delivery.kinesis.pass.PassedCall;
import io.penstock.delivery.kinesis.shards.ShardMap;
import io.penstock.delivery.sender.Delivery;
import io.penstock.delivery.spool.StreamId;
import java.util.concurrent.CompletableFuture;

/** What the source asks of the targets behind it. Thread-safe; nothing blocks. */
public interface Targets {
    /** The open shards of a stream, as far as known. */
    ShardMap shards(StreamId stream);

    /** True if the stream is known not to exist, and is not made on demand. */
    boolean absent(StreamId stream);

    /** Passes a call on; fails with a {@link io.penstock.delivery.kinesis.fault.FaultException}. */
    CompletableFuture<PassedAnswer> pass(String target, PassedCall call);

    /** Those that delivery sends to. */
    static Targets of(Delivery delivery) {
        return new Targets() {
            @Override
            public ShardMap shards(StreamId stream) {
                return delivery.shards(stream);
            }

            @Override
            public boolean absent(StreamId stream) {
                return delivery.absent(stream);
            }

            @Override
            public CompletableFuture<PassedAnswer> pass(String target, PassedCall call) {
                return delivery.pass(target, call);
            }
        };
    }
}
