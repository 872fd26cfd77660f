package io.penstock.engine.api;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * A request's body while it comes in: copied once, from the socket's buffers to where it is parsed. Confined to the
 * connection's event loop. The server bounds it.
 */
final class Body implements Subscriber<HttpObject> {
    private static final int FIRST_BYTES = 1 << 12;

    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private byte[] bytes;
    private int used;

    private Body(int expected) {
        this.bytes = new byte[expected];
    }

    /**
     * The whole body; fails with what the request fails with.
     *
     * @param most the largest body that the server takes
     */
    static CompletableFuture<byte[]> of(HttpRequest request, EventExecutor loop, long most) {
        long length = request.headers().contentLength();
        Body body = new Body((int) (length < 0 ? FIRST_BYTES : Math.min(length, most)));
        request.subscribe(body, loop, SubscriptionOption.WITH_POOLED_OBJECTS);
        return body.whole;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(HttpObject part) {
        if (part instanceof HttpData data) {
            try (data) {
                ByteBuf source = data.byteBuf();
                int length = source.readableBytes();
                if (bytes.length - used < length) {
                    bytes = Arrays.copyOf(bytes, Math.max(used + length, 2 * bytes.length));
                }
                source.getBytes(source.readerIndex(), bytes, used, length);
                used += length;
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        whole.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        whole.complete(used == bytes.length ? bytes : Arrays.copyOf(bytes, used));
    }
}
