package io.penstock.delivery.kinesis.http;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;

/**
 * Publishes a body as one piece, once. The body is released when it is published, because an idle connection of the
 * SDK's client keeps the last request.
 */
final class OneBuffer implements SdkHttpContentPublisher {
    private final long length;
    private final AtomicReference<byte @Nullable []> body;

    OneBuffer(byte[] body) {
        this.length = body.length;
        this.body = new AtomicReference<>(body);
    }

    @Override
    public Optional<Long> contentLength() {
        return Optional.of(length);
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
        subscriber.onSubscribe(new Subscription() {
            @Override
            public void request(long count) {
                byte[] whole = body.getAndSet(null);
                if (whole != null) {
                    subscriber.onNext(ByteBuffer.wrap(whole));
                    subscriber.onComplete();
                }
            }

            @Override
            public void cancel() {
                body.set(null);
            }
        });
    }
}
