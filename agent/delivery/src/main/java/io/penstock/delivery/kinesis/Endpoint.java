package io.penstock.delivery.kinesis;

import io.penstock.delivery.kinesis.put.PutCall;
import io.penstock.delivery.kinesis.put.PutOutcome;
import io.penstock.delivery.kinesis.settings.AutoCreate;
import io.penstock.delivery.kinesis.shards.ShardsOutcome;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import java.util.function.Consumer;

/**
 * A Kinesis endpoint. Any thread; no method blocks or throws. Each call answers exactly once, within the call's time
 * limit, on a thread of the endpoint. Each call is tried once; the sender retries.
 */
public interface Endpoint extends AutoCloseable {
    void put(PutCall call, Consumer<PutOutcome> answer);

    /** Requests the stream's open shards. */
    void shards(String stream, Consumer<ShardsOutcome> answer);

    /** Requests the stream's limits and mode; {@link StreamSummary#UNKNOWN} if the endpoint does not report them. */
    void summary(String stream, Consumer<StreamSummary> answer);

    /** Creates the stream as {@code how} says, and answers once it takes records; also if it exists already. */
    void create(String stream, AutoCreate how, Consumer<ShardsOutcome> answer);

    @Override
    void close();
}
