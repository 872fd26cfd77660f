package io.penstock.agent.target;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;

/**
 * Gathers one answer of at most {@value #MOST_BYTES} bytes. The client calls it on one of its threads, one call after
 * the other.
 */
final class AnswerCollector implements SdkAsyncHttpResponseHandler, Subscriber<ByteBuffer> {
    private static final int FIRST_BYTES = 1 << 10;
    private static final int MOST_BYTES = 4 << 20;

    private final CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(FIRST_BYTES);
    private @Nullable SdkHttpResponse head;
    private @Nullable Subscription subscription;

    /** Completes with the answer, or as {@code exchange} fails; cancelling it cancels the exchange. */
    CompletableFuture<HttpAnswer> answer(CompletableFuture<Void> exchange) {
        CompletableFuture<Void> unused = exchange.whenComplete((done, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
            }
        });
        CompletableFuture<HttpAnswer> unusedToo = answer.whenComplete((done, failure) -> {
            if (failure != null) {
                exchange.cancel(true);
            }
        });
        return answer;
    }

    @Override
    public void onHeaders(SdkHttpResponse headers) {
        head = headers;
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
        if (body.size() + part.remaining() > MOST_BYTES) {
            Subscription open = subscription;
            if (open != null) {
                open.cancel();
            }
            answer.completeExceptionally(new IOException("the answer is longer than " + MOST_BYTES + " bytes"));
            return;
        }
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        body.writeBytes(bytes);
    }

    @Override
    public void onError(Throwable failure) {
        answer.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        SdkHttpResponse received = head;
        if (received == null) {
            answer.completeExceptionally(new IOException("an answer without a head"));
        } else {
            answer.complete(new HttpAnswer(received, body.toByteArray()));
        }
    }
}
