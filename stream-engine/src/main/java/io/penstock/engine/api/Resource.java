package io.penstock.engine.api;

import io.penstock.engine.stream.Consumer;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.wire.Input;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The object that a ResourceARN names: a stream or one of its consumers. Both have tags and a policy.
 *
 * @param stream the stream
 * @param consumer the consumer's name; empty for the stream itself
 */
record Resource(LiveStream stream, Optional<String> consumer) implements Tagged {
    private static final String CONSUMER = "/consumer/";

    static Resource of(Input input, Context context) {
        String arn = input.text("ResourceARN");
        LiveStream stream =
                context.names().require(input.scope(), Optional.empty(), Optional.of(arn), Optional.empty());
        int at = arn.indexOf(CONSUMER);
        if (at < 0) {
            return new Resource(stream, Optional.empty());
        }
        Consumer consumer = Consumers.requireByArn(stream.meta(), arn);
        return new Resource(stream, Optional.of(consumer.name()));
    }

    @Override
    public String label() {
        return "stream " + stream.meta().name() + " under account "
                + stream.meta().scope().account();
    }

    @Override
    public Map<String, String> tags() {
        return consumer.map(name -> Consumers.require(stream.meta(), name).tags())
                .orElseGet(() -> stream.meta().options().tags());
    }

    String policy() {
        return consumer.map(name -> Consumers.require(stream.meta(), name).policy())
                .orElseGet(() -> stream.meta().options().policy());
    }

    @Override
    public void changeTags(UnaryOperator<Map<String, String>> change) throws IOException {
        stream.change(meta -> consumer.isPresent()
                ? withConsumer(meta, one -> one.withTags(change.apply(one.tags())))
                : meta.withOptions(
                        meta.options().withTags(change.apply(meta.options().tags()))));
    }

    void setPolicy(String policy) throws IOException {
        stream.change(meta -> consumer.isPresent()
                ? withConsumer(meta, one -> one.withPolicy(policy))
                : meta.withOptions(meta.options().withPolicy(policy)));
    }

    private StreamMeta withConsumer(StreamMeta meta, UnaryOperator<Consumer> change) {
        String name = consumer.orElseThrow();
        Consumers.require(meta, name);
        List<Consumer> changed = meta.consumers().stream()
                .map(one -> one.name().equals(name) ? change.apply(one) : one)
                .toList();
        return meta.withConsumers(changed);
    }
}
