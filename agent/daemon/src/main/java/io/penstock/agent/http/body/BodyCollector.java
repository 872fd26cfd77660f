package io.penstock.agent.http.body;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.concurrent.ScheduledFuture;
import io.penstock.agent.http.answer.Refused;
import io.penstock.base.fault.Guard;
import io.penstock.base.memory.TransferPace;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Gathers one request body into one array, which grows as bytes arrive and never past the limit or the listener's
 * memory: a declared length reserves nothing. A body that crawls is refused (see {@link TransferPace}).
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class BodyCollector implements Subscriber<HttpObject> {
    private static final int FIRST_CAPACITY = 4 * 1024;
    private static final int LOOK_SECONDS = 1;

    private final int maxLength;
    private final ServiceRequestContext ctx;
    private final BodyShare share;
    private final Receiver receiver;
    private final Guard guard;

    private final TransferPace pace;
    private byte[] bytes = new byte[0];
    private int length;
    private boolean done;
    private @Nullable ScheduledFuture<?> looking;

    /** Told once what became of the body, on the request's event loop. */
    public interface Receiver {
        void received(byte[] bytes, int length);

        void refused(Refused why);

        /** It did not come whole. */
        void broken(Throwable cause);
    }

    /** @param guard of all bodies of the listener */
    public BodyCollector(
            ServiceRequestContext ctx, HttpLimits limits, BodyShare share, Receiver receiver, Guard guard) {
        this.ctx = ctx;
        this.maxLength = limits.maxBody();
        this.pace = new TransferPace(System.nanoTime(), limits.bodyTimeout());
        this.share = share;
        this.receiver = receiver;
        this.guard = guard;
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
            refuse(why);
        }
    }

    private void refuse(Refused why) {
        end();
        bytes = new byte[0];
        receiver.refused(why);
    }

    private void end() {
        done = true;
        if (looking != null) {
            looking.cancel(false);
        }
    }

    private void look() {
        if (pace.isTooSlow(System.nanoTime(), share.isShort())) {
            refuse(Refused.tooSlow(length));
        } else {
            ctx.setRequestTimeout(TimeoutMode.SET_FROM_START, pace.allowed().plusSeconds(LOOK_SECONDS));
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
        pace.moved(added);
        if (looking == null && length != ctx.request().headers().contentLength()) {
            looking = ctx.eventLoop()
                    .withoutContext()
                    .scheduleAtFixedRate(
                            () -> guard.run("The look at a body", this::look),
                            LOOK_SECONDS,
                            LOOK_SECONDS,
                            TimeUnit.SECONDS);
        }
    }

    @Override
    public void onError(Throwable cause) {
        if (!done) {
            end();
            receiver.broken(cause);
        }
    }

    @Override
    public void onComplete() {
        if (!done) {
            end();
            receiver.received(bytes, length);
        }
    }

    public static Refused tooLarge(int maxLength) {
        return Refused.tooLarge("the body is larger than " + maxLength + " bytes", "send fewer records in one request");
    }
}
