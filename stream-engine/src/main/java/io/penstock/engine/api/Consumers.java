package io.penstock.engine.api;

import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.stream.Consumer;
import io.penstock.engine.stream.StreamMeta;
import java.util.Optional;

/** Finds registered consumers of a stream. Stateless. */
final class Consumers {
    private static final String CONSUMER = "/consumer/";

    static Optional<Consumer> find(StreamMeta meta, String name) {
        return meta.consumers().stream().filter(one -> one.name().equals(name)).findFirst();
    }

    static Consumer require(StreamMeta meta, String name) {
        return find(meta, name).orElseThrow(() -> notFound(name, meta));
    }

    /**
     * The consumer of an ARN. The ARN includes the second of the consumer's creation, so a later consumer of the same
     * name does not match.
     */
    static Consumer requireByArn(StreamMeta meta, String arn) {
        String tail = arn.substring(arn.indexOf(CONSUMER) + CONSUMER.length());
        int colon = tail.lastIndexOf(':');
        String name = colon < 0 ? tail : tail.substring(0, colon);
        String second = tail.substring(colon + 1);
        return find(meta, name)
                .filter(one -> String.valueOf(one.createdAt() / 1000).equals(second))
                .orElseThrow(() -> notFound(tail, meta));
    }

    private static ServiceException notFound(String name, StreamMeta meta) {
        return ServiceException.notFound("Consumer " + name + " of stream " + meta.name() + " not found.");
    }

    private Consumers() {}
}
