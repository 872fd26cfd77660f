package io.penstock.agent.kinesisapi;

import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.HttpData;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The body of a target's answer, piece by piece: the target is read as fast as the client reads. When the target ends it
 * too early, the client's connection ends too.
 *
 * @param cutShort is told why the target ended the body too early
 */
record PassedBody(Publisher<ByteBuffer> body, Consumer<Throwable> cutShort) implements Publisher<HttpData> {
    @Override
    public void subscribe(Subscriber<? super HttpData> client) {
        body.subscribe(new Subscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                client.onSubscribe(subscription);
            }

            @Override
            public void onNext(ByteBuffer piece) {
                byte[] bytes = new byte[piece.remaining()];
                piece.get(bytes);
                client.onNext(HttpData.wrap(bytes));
            }

            @Override
            public void onError(Throwable failure) {
                cutShort.accept(failure);
                client.onError(ClosedSessionException.get());
            }

            @Override
            public void onComplete() {
                client.onComplete();
            }
        });
    }
}
