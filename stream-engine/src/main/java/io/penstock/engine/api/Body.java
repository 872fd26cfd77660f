package io.penstock.engine.api;

import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import io.penstock.base.fault.Guard;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.memory.TransferPace;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * A request's body while it arrives. The bytes are copied once, from the socket's buffers into the array from which
 * they are parsed; it grows with the bytes that have arrived, whatever length was announced. Counted against the
 * account until {@link #release}. Refused if the account is used up or the body comes too slowly (see
 * {@link TransferPace}). The server bounds the size.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Body implements Subscriber<HttpObject> {
    private static final int FIRST_BYTES = 1 << 12;
    /** Larger bodies may not use the last fifth of the account, which is left for small calls. */
    private static final int SMALL = 1 << 16;

    private static final double LARGE_SHARE = 0.8;

    private final CompletableFuture<Body> whole = new CompletableFuture<>();
    private final ServiceRequestContext context;
    private final MemoryBudget.Account account;
    private final long declared;
    private final Guard guard;
    private final TransferPace pace = new TransferPace(System.nanoTime());
    private byte[] bytes = {};
    private int used;
    private long held;
    private long refusalsSeen;
    private @Nullable Subscription source;
    private @Nullable ScheduledFuture<?> looking;

    private Body(ServiceRequestContext context, MemoryBudget.Account account, long declared, Guard guard) {
        this.context = context;
        this.account = account;
        this.declared = declared;
        this.guard = guard;
    }

    /**
     * Completes with the whole body. If it fails, the memory is already released.
     *
     * @param guard of all bodies of the service
     */
    static CompletableFuture<Body> of(
            HttpRequest request, ServiceRequestContext context, MemoryBudget.Account account, Guard guard) {
        Body body = new Body(context, account, request.headers().contentLength(), guard);
        request.subscribe(body, context.eventLoop(), SubscriptionOption.WITH_POOLED_OBJECTS);
        return body.whole;
    }

    /** The bytes; valid until {@link #release}. */
    byte[] bytes() {
        if (used != bytes.length) {
            bytes = Arrays.copyOf(bytes, used);
        }
        return bytes;
    }

    /** Takes {@code times} the body's size in addition. Returns false if the account does not have it. */
    boolean holdMore(int times) {
        long more = (long) used * times;
        if (!take(more)) {
            return false;
        }
        held += more;
        return true;
    }

    /** Releases the memory; the body has been processed. */
    void release() {
        long gone = held;
        held = 0;
        account.release(gone);
        account.settled(this);
    }

    private boolean take(long more) {
        return more <= 0 || (used + more <= SMALL ? account.tryTake(more, this) : takeLarge(more));
    }

    private boolean takeLarge(long more) {
        return account.upTo(LARGE_SHARE).tryTake(more, this);
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        source = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(HttpObject part) {
        if (part instanceof HttpData data) {
            try (data) {
                if (!whole.isDone()) {
                    add(data.byteBuf());
                }
            }
        }
    }

    private void add(ByteBuf source) {
        int length = source.readableBytes();
        if (used + length > context.maxRequestLength()) {
            fail(ContentTooLargeException.get());
            return;
        }
        if (bytes.length - used < length && !grow(used + length)) {
            fail(new ServiceException(
                    ErrorType.SERVICE_UNAVAILABLE, "The bodies under way take all memory; try again in a moment."));
            return;
        }
        source.getBytes(source.readerIndex(), bytes, used, length);
        used += length;
        pace.moved(length);
        if (looking == null && used != declared) {
            refusalsSeen = account.refusals();
            looking = context.eventLoop()
                    .withoutContext()
                    .scheduleAtFixedRate(() -> guard.run("The look at a body", this::look), 1, 1, TimeUnit.SECONDS);
        }
    }

    private boolean grow(int needed) {
        long room = Math.max(needed, Math.max(FIRST_BYTES, 2L * bytes.length));
        int capacity = (int) (declared >= needed ? Math.min(room, declared) : room);
        if (!take(capacity - held)) {
            return false;
        }
        held = capacity;
        bytes = Arrays.copyOf(bytes, capacity);
        return true;
    }

    private void look() {
        long refusals = account.refusals();
        boolean isShort = refusals != refusalsSeen;
        refusalsSeen = refusals;
        if (pace.isTooSlow(System.nanoTime(), isShort)) {
            fail(new ServiceException(
                    ErrorType.REQUEST_TIMEOUT, "The request body came too slowly: " + used + " bytes of it are here."));
        } else {
            // The time limit of a call must not cut off a body that is still arriving.
            context.setRequestTimeout(TimeoutMode.SET_FROM_NOW, TransferPace.PATIENCE);
        }
    }

    private void fail(Throwable failure) {
        end();
        bytes = new byte[0];
        release();
        whole.completeExceptionally(failure);
        if (source != null) {
            source.cancel();
        }
    }

    private void end() {
        if (looking != null) {
            looking.cancel(false);
            looking = null;
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (!whole.isDone()) {
            fail(failure);
        }
    }

    @Override
    public void onComplete() {
        if (!whole.isDone()) {
            end();
            whole.complete(this);
        }
    }
}
