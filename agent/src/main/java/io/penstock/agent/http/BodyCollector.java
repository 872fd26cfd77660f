package io.penstock.agent.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import java.util.Arrays;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Gathers one request body into one array, which grows as bytes arrive and never past the limit or the listener's
 * budget: a declared length reserves nothing. Confined to the request's event loop.
 */
final class BodyCollector implements Subscriber<HttpObject> {
    private static final int FIRST_CAPACITY = 4 * 1024;

    private final int maxLength;
    private final BodyBudget.Share share;
    private final Receiver receiver;

    private byte[] bytes = new byte[0];
    private int length;
    private boolean done;

    /** Told once what became of the body, on the request's event loop. */
    interface Receiver {
        void received(byte[] bytes, int length);

        void refused(Refused why);

        /** It did not come whole. */
        void broken(Throwable cause);
    }

    BodyCollector(int maxLength, BodyBudget.Share share, Receiver receiver) {
        this.maxLength = maxLength;
        this.share = share;
        this.receiver = receiver;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        // Chunks are copied out at once, so the transport's own flow control is all that is needed.
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(HttpObject part) {
        if (!(part instanceof HttpData data)) {
            return; // trailers say nothing here
        }
        try (data) {
            if (!done) {
                take(data);
            }
        } catch (Refused why) {
            done = true;
            bytes = new byte[0];
            receiver.refused(why);
        }
    }

    private void take(HttpData data) throws Refused {
        int added = data.length();
        if (added > maxLength - length) {
            throw tooLarge(maxLength);
        }
        if (length + added > bytes.length) {
            int capacity = Math.min(maxLength, Math.max(Math.max(FIRST_CAPACITY, bytes.length * 2), length + added));
            if (!share.resize(capacity)) {
                throw Refused.overloaded();
            }
            bytes = Arrays.copyOf(bytes, capacity);
        }
        data.byteBuf().getBytes(data.byteBuf().readerIndex(), bytes, length, added);
        length += added;
    }

    @Override
    public void onError(Throwable cause) {
        if (!done) {
            done = true;
            receiver.broken(cause);
        }
    }

    @Override
    public void onComplete() {
        if (!done) {
            done = true;
            receiver.received(bytes, length);
        }
    }

    static Refused tooLarge(int maxLength) {
        return Refused.tooLarge("the body is larger than " + maxLength + " bytes", "send fewer records in one request");
    }
}
