package io.penstock.engine.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.concurrent.ScheduledFuture;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.stream.Consumer;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.Positions;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.stream.StreamNames;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.EventMessage;
import io.penstock.engine.wire.Input;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * SubscribeToShard: one subscription per consumer and shard. A second call within 5 seconds of a successful one is
 * refused; a later one takes over. Thread-safe; keeps the latest subscription of each consumer and shard until it has
 * ended and is 5 seconds old.
 *
 * @see <a href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html">SubscribeToShard</a>
 */
final class Subscriptions {
    private static final long GUARD_MILLIS = Duration.ofSeconds(5).toMillis();

    private final Context context;
    private final Positions positions;
    private final Map<Subscriber, Subscription> latest = new ConcurrentHashMap<>();

    private record Subscriber(String streamId, Consumer consumer, int shard) {}

    Subscriptions(Context context) {
        this.context = context;
        this.positions = new Positions(context.streams(), context.clock());
    }

    /** Returns the response with the stream of events. May block. */
    @SuppressWarnings("FutureReturnValueIgnored") // the schedule ends with the executor
    HttpResponse subscribe(Input input, Codec codec, ServiceRequestContext request) throws IOException {
        String arn = input.text("ConsumerARN");
        LiveStream stream =
                context.names().requireUsable(input.scope(), Optional.empty(), Optional.of(arn), Optional.empty());
        Consumer consumer = Consumers.requireByArn(stream.meta(), arn);
        if (!consumer.status(context.clock().millis()).equals("ACTIVE")) {
            throw ServiceException.inUse("Consumer " + consumer.name() + " is not ACTIVE yet.");
        }
        Shard shard = StreamNames.requireShard(stream.meta(), input.text("ShardId"));
        Input start = input.structure("StartingPosition");
        Positions.Position position = positions.find(
                stream,
                shard,
                RecordOperations.position(
                        start.text("Type"), start.optionalText("SequenceNumber"), start.optionalTime("Timestamp")));
        Subscriber subscriber = new Subscriber(stream.meta().id(), consumer, shard.index());
        if (input.flag("DryRun")) {
            requireTurn(subscriber, latest.get(subscriber));
            throw ServiceException.dryRun();
        }
        HttpResponseWriter writer = HttpResponse.streaming();
        Subscription subscription = new Subscription(context, codec, consumer, position, writer, request);
        register(subscriber, subscription);
        request.clearRequestTimeout();
        writer.write(Replies.headers(codec, HttpStatus.OK)
                .set(HttpHeaderNames.CONTENT_TYPE, EventMessage.CONTENT_TYPE)
                .build());
        subscription.start();
        ScheduledFuture<?> ticking =
                request.eventLoop().withoutContext().scheduleAtFixedRate(subscription::tick, 1, 1, TimeUnit.SECONDS);
        writer.whenComplete().handle((done, failure) -> ticking.cancel(false));
        return writer;
    }

    /** Ends all subscriptions as if their time were over, so that consumers subscribe again. */
    void end() {
        latest.values().forEach(Subscription::end);
    }

    private void register(Subscriber subscriber, Subscription subscription) {
        long now = context.clock().millis();
        latest.values().removeIf(old -> old.isOver() && now - old.startedAt() >= GUARD_MILLIS);
        latest.merge(subscriber, subscription, (before, after) -> {
            requireTurn(subscriber, before);
            before.supersede();
            return after;
        });
    }

    private void requireTurn(Subscriber subscriber, @Nullable Subscription before) {
        if (before != null && context.clock().millis() - before.startedAt() < GUARD_MILLIS) {
            throw ServiceException.inUse("Another active subscription exists for this consumer: "
                    + subscriber.consumer().name() + " on " + Shard.id(subscriber.shard()) + ".");
        }
    }
}
