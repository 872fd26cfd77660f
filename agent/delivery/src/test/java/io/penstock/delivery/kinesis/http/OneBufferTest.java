package io.penstock.delivery.kinesis.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

class OneBufferTest {
    private final List<String> seen = new ArrayList<>();
    private final OneBuffer body = new OneBuffer(new byte[3]);

    @Test
    void publishesTheBodyOnceHoweverOftenItIsAskedFor() {
        Subscription asked = subscribe();
        asked.request(1);
        asked.request(1);
        assertEquals(List.of("3 bytes", "end"), seen);
        assertEquals(Optional.of(3L), body.contentLength());
    }

    @Test
    void keepsNoBodyForALaterSubscriber() {
        subscribe().request(1);
        seen.clear();
        subscribe().request(1);
        assertEquals(List.of(), seen);
    }

    @Test
    void publishesNothingOnceCancelled() {
        Subscription asked = subscribe();
        asked.cancel();
        asked.request(1);
        assertEquals(List.of(), seen);
    }

    private Subscription subscribe() {
        List<Subscription> given = new ArrayList<>();
        body.subscribe(new Subscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                given.add(subscription);
            }

            @Override
            public void onNext(ByteBuffer bytes) {
                seen.add(bytes.remaining() + " bytes");
            }

            @Override
            public void onError(Throwable failure) {
                seen.add("failed");
            }

            @Override
            public void onComplete() {
                seen.add("end");
            }
        });
        return given.get(0);
    }
}
