package io.penstock.delivery.kinesis;

import io.penstock.delivery.kinesis.put.PutCall;
import io.penstock.delivery.kinesis.put.PutOutcome;
import io.penstock.delivery.kinesis.settings.AutoCreate;
import io.penstock.delivery.kinesis.shards.ShardsOutcome;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import java.util.function.Consumer;

/**
 * A Kinesis endpoint. Any thread; nothing here blocks or throws; each call answers exactly once, on a thread of the
 * endpoint's own, within the call's time limit. It tries everything once: retrying is the sender's.
 */
public interface Endpoint extends AutoCloseable {
    void put(PutCall call, Consumer<PutOutcome> answer);

    /** Asks for the stream's open shards. */
    void shards(String stream, Consumer<ShardsOutcome> answer);

    /** Asks what the stream is like; {@link StreamSummary#UNKNOWN} when it does not say. */
    void summary(String stream, Consumer<StreamSummary> answer);

    /** Makes the stream as {@code how} says, and answers once it can be written; also when it is there already. */
    void create(String stream, AutoCreate how, Consumer<ShardsOutcome> answer);

    @Override
    void close();
}
