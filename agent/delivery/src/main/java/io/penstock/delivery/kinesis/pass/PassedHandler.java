package io.penstock.delivery.kinesis.pass;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;

/** Completes when head and body of an answer are there to be read. The HTTP client calls it on one of its threads. */
public final class PassedHandler implements SdkAsyncHttpResponseHandler {
    private final CompletableFuture<PassedAnswer> answer = new CompletableFuture<>();
    private @Nullable SdkHttpResponse head;

    /** Fails with {@code exchange}; cancelling it, or a time limit of it, cancels the exchange. */
    public CompletableFuture<PassedAnswer> answer(CompletableFuture<Void> exchange) {
        CompletableFuture<Void> unused = exchange.whenComplete((done, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
            } else if (!answer.isDone()) {
                answer.completeExceptionally(new IOException("an answer without a body"));
            }
        });
        CompletableFuture<PassedAnswer> unusedToo = answer.whenComplete((done, failure) -> {
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
    public void onStream(Publisher<ByteBuffer> body) {
        SdkHttpResponse received = head;
        if (received == null || !answer.complete(new PassedAnswer(received, body))) {
            // The caller has given up: the connection must be released.
            Unread.release(body);
        }
    }

    @Override
    public void onError(Throwable failure) {
        answer.completeExceptionally(failure);
    }
}
