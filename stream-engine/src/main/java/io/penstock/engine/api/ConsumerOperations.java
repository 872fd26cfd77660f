package io.penstock.engine.api;

import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.stream.Consumer;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.wire.Answer;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Input;
import io.penstock.engine.wire.KinesisModel;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Registered consumers of enhanced fan-out. Stateless, thread-safe. */
final class ConsumerOperations {
    private static final int MOST_CONSUMERS = 20;
    private static final int DEFAULT_PAGE = 100;
    private static final String LIST = "consumers";

    private final Context context;

    ConsumerOperations(Context context) {
        this.context = context;
    }

    void addTo(Map<KinesisModel, Operation> operations) {
        operations.put(KinesisModel.REGISTER_STREAM_CONSUMER, this::register);
        operations.put(KinesisModel.DEREGISTER_STREAM_CONSUMER, this::deregister);
        operations.put(KinesisModel.DESCRIBE_STREAM_CONSUMER, this::describe);
        operations.put(KinesisModel.LIST_STREAM_CONSUMERS, this::list);
    }

    private byte[] register(Input input, Codec codec) throws IOException {
        LiveStream stream = context.stream(input);
        long now = context.clock().millis();
        Map<String, String> tags = input.textMap("Tags");
        TagOperations.check(tags);
        Consumer consumer = new Consumer(
                input.text("ConsumerName"), Math.max(0, context.clock().date()), context.settlesAt(), tags, "");
        StreamMeta after = stream.change(meta -> {
            if (Consumers.find(meta, consumer.name()).isPresent()) {
                throw ServiceException.inUse(
                        "Consumer " + consumer.name() + " of stream " + meta.name() + " already exists.");
            }
            if (meta.consumers().size() >= MOST_CONSUMERS) {
                throw ServiceException.limitExceeded("Stream " + meta.name() + " has " + MOST_CONSUMERS
                        + " consumers, which is the most. Deregister one that is not used.");
            }
            return meta.withConsumers(Stream.concat(meta.consumers().stream(), Stream.of(consumer))
                    .toList());
        });
        Answer answer = Answer.begin(codec).object("Consumer");
        write(answer, after, consumer, now);
        return answer.endObject().end();
    }

    private byte[] deregister(Input input, Codec codec) throws IOException {
        LiveStream stream = streamOf(input);
        Consumer consumer = consumerOf(input, stream.meta());
        stream.change(meta -> meta.withConsumers(
                meta.consumers().stream().filter(one -> !one.equals(consumer)).toList()));
        return Operation.NOTHING;
    }

    private byte[] describe(Input input, Codec codec) {
        StreamMeta meta = streamOf(input).meta();
        Answer answer = Answer.begin(codec).object("ConsumerDescription");
        write(answer, meta, consumerOf(input, meta), context.clock().millis());
        return answer.text("StreamARN", meta.arn()).endObject().end();
    }

    private LiveStream streamOf(Input input) {
        Optional<String> consumerArn = input.optionalText("ConsumerARN");
        return consumerArn.isPresent()
                ? context.names().require(input.scope(), Optional.empty(), consumerArn, Optional.empty())
                : context.stream(input);
    }

    private static Consumer consumerOf(Input input, StreamMeta meta) {
        if (input.has("ConsumerARN")) {
            return Consumers.requireByArn(meta, input.text("ConsumerARN"));
        }
        return Consumers.require(
                meta,
                input.optionalText("ConsumerName")
                        .orElseThrow(() -> ServiceException.invalidArgument(
                                "Either ConsumerARN or both StreamARN and ConsumerName must be given.")));
    }

    private byte[] list(Input input, Codec codec) {
        long now = context.clock().millis();
        StreamMeta meta = context.stream(input).meta();
        int limit = input.optionalWhole("MaxResults").orElse(DEFAULT_PAGE);
        String after = input.optionalToken("NextToken")
                .map(text -> PageToken.decode(text, LIST, now))
                .filter(token -> token.requireSubject(meta.id()))
                .map(PageToken::after)
                .orElse("");
        List<Consumer> rest = meta.consumers().stream()
                .sorted(Comparator.comparing(Consumer::name))
                .filter(one -> one.name().compareTo(after) > 0)
                .limit(limit + 1L)
                .toList();
        Answer answer = Answer.begin(codec).list("Consumers");
        rest.stream().limit(limit).forEach(one -> {
            answer.object();
            write(answer, meta, one, now);
            answer.endObject();
        });
        answer.endList();
        if (rest.size() > limit) {
            answer.text(
                    "NextToken",
                    new PageToken(LIST, meta.id(), rest.get(limit - 1).name(), now).encode());
        }
        return answer.end();
    }

    private void write(Answer answer, StreamMeta meta, Consumer consumer, long now) {
        answer.text("ConsumerName", consumer.name())
                .text("ConsumerARN", meta.arn(consumer))
                .text("ConsumerStatus", consumer.status(now))
                .time("ConsumerCreationTimestamp", consumer.createdAt());
    }
}
