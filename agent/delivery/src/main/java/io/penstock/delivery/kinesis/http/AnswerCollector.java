package io.penstock.delivery.kinesis.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;

/**
 * Collects one answer up to a maximum size; a longer one fails. The HTTP client calls it on one of its threads, one
 * call after the other.
 */
public final class AnswerCollector implements SdkAsyncHttpResponseHandler, Subscriber<ByteBuffer> {
    private static final int FIRST_BYTES = 1 << 10;

    private final int mostBytes;
    private final ClockSkew.SigningTime signed;
    private final CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
    private byte[] body = new byte[0];
    private int received;
    private @Nullable SdkHttpResponse head;
    private @Nullable Subscription subscription;

    /** The answer is longer than any valid one. */
    public static final class TooLong extends IOException {
        private static final long serialVersionUID = 1;

        TooLong(int mostBytes) {
            super("the answer is longer than " + mostBytes + " bytes");
        }
    }

    /** @param signed when the call was signed */
    AnswerCollector(int mostBytes, ClockSkew.SigningTime signed) {
        this.mostBytes = mostBytes;
        this.signed = signed;
    }

    /** Completes with the answer, or fails with {@code exchange}; cancelling it cancels the exchange. */
    @SuppressWarnings("FutureReturnValueIgnored") // neither stage can fail
    CompletableFuture<HttpAnswer> answer(CompletableFuture<Void> exchange) {
        exchange.whenComplete((done, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
            }
        });
        answer.whenComplete((done, failure) -> {
            if (failure != null) {
                exchange.cancel(true);
            }
        });
        return answer;
    }

    @Override
    public void onHeaders(SdkHttpResponse headers) {
        head = headers;
        int expected = headers.firstMatchingHeader("Content-Length")
                .filter(length -> length.matches("\\d{1,7}"))
                .map(Integer::parseInt)
                .orElse(FIRST_BYTES);
        body = new byte[Math.min(expected, mostBytes)];
    }

    @Override
    public void onStream(Publisher<ByteBuffer> stream) {
        stream.subscribe(this);
    }

    @Override
    public void onSubscribe(Subscription newSubscription) {
        subscription = newSubscription;
        newSubscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ByteBuffer part) {
        int length = part.remaining();
        if (received + length > mostBytes) {
            answer.completeExceptionally(new TooLong(mostBytes));
            Subscription open = subscription;
            if (open != null) {
                open.cancel();
            }
            return;
        }
        if (received + length > body.length) {
            body = Arrays.copyOf(body, Math.max(received + length, Math.min(mostBytes, body.length * 2)));
        }
        part.get(body, received, length);
        received += length;
    }

    @Override
    public void onError(Throwable failure) {
        answer.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        SdkHttpResponse answered = head;
        if (answered == null) {
            answer.completeExceptionally(new IOException("an answer without a head"));
        } else {
            answer.complete(
                    new HttpAnswer(answered, received == body.length ? body : Arrays.copyOf(body, received), signed));
        }
    }
}
