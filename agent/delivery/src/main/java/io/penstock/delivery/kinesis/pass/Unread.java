package io.penstock.delivery.kinesis.pass;

import java.nio.ByteBuffer;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Ends a body that nothing will read, so that its connection is released. Stateless. */
final class Unread implements Subscriber<ByteBuffer> {
    private Unread() {}

    static void release(Publisher<ByteBuffer> body) {
        body.subscribe(new Unread());
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.cancel();
    }

    @Override
    public void onNext(ByteBuffer part) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
}
