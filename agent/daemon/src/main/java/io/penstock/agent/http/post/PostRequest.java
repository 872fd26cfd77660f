package io.penstock.agent.http.post;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.concurrent.ScheduledFuture;
import io.penstock.agent.auth.Identity;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.http.body.BodyCollector;
import io.penstock.agent.http.body.BodyShare;
import io.penstock.agent.http.body.ContentEncoding;
import io.penstock.agent.http.body.HttpLimits;
import io.penstock.agent.http.body.Unpacking;
import io.penstock.agent.metrics.ConnectedClients;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.Spool;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request's way: body gathered, unpacked, taken apart and encoded in slices, the records of all its streams stored
 * together or not at all (waiting a bounded time for room), answered when all watermarks have passed. Its memory is
 * accounted to the listener's memory until the spools have the blocks.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class PostRequest implements BodyCollector.Receiver, Runnable {
    /** Bytes of body taken apart before the event loop's other connections have their turn. */
    private static final int SLICE = 256 * 1024;

    private final ServiceRequestContext ctx;
    private final Endpoint endpoint;
    private final Task task;
    private final ContentEncoding encoding;
    private final HttpLimits limits;
    private final LoopState loop;
    private final SourceFacts facts;
    private final BodyShare share;
    private final CompletableFuture<HttpResponse> answer = new CompletableFuture<>();

    private @Nullable Unpacking unpacking;
    private @Nullable Records records;
    private long bodyCapacity;

    private List<Filled> filled = List.of();
    private boolean stored;
    private @Nullable SpoolQueue crowdedSpool;
    private @Nullable ScheduledFuture<?> patience;
    private int owed;
    private int accepted;
    private int dropped;

    PostRequest(
            ServiceRequestContext ctx,
            Endpoint endpoint,
            Task task,
            ContentEncoding encoding,
            HttpLimits limits,
            LoopState loop,
            BodyShare share) {
        this.ctx = ctx;
        this.endpoint = endpoint;
        this.task = task;
        this.encoding = encoding;
        this.limits = limits;
        this.loop = loop;
        this.facts = loop.facts();
        this.share = share;
    }

    BodyShare share() {
        return share;
    }

    HttpResponse answer() {
        return HttpResponse.of(answer);
    }

    @Override
    public void received(byte[] bytes, int length) {
        assert OwnerCheck.isOn(ctx.eventLoop());
        ctx.setRequestTimeout(TimeoutMode.SET_FROM_NOW, limits.roomTimeout().plus(limits.ackTimeout()));
        bodyCapacity = bytes.length;
        try {
            requireBody(length);
            if (encoding == ContentEncoding.IDENTITY) {
                records = task.records(bytes, length);
            } else {
                unpacking = new Unpacking(encoding, bytes, length, limits.maxBody());
                bodyCapacity = unpacking.capacity();
                if (!share.resize(bodyCapacity)) {
                    throw Refused.overloaded();
                }
            }
            run();
        } catch (Refused why) {
            refused(why);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void requireBody(int length) throws Refused {
        if (length == 0 && !task.takesEmpty()) {
            throw Refused.malformed("the body is empty", "send at least one record");
        }
    }

    /** One slice of the work. */
    @Override
    public void run() {
        assert OwnerCheck.isOn(ctx.eventLoop());
        if (answer.isDone() || ctx.isCancelled()) {
            dismiss();
            return;
        }
        try {
            boolean done = slice();
            long encoded = records == null ? 0 : records.blockBytes();
            if (!share.resize(bodyCapacity + encoded)) {
                throw Refused.overloaded();
            }
            if (done) {
                store();
            } else {
                ctx.eventLoop().withoutContext().execute(this);
            }
        } catch (Refused why) {
            refused(why);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private boolean slice() throws Refused {
        if (unpacking != null) {
            Unpacking body = unpacking;
            boolean whole = body.advance(SLICE);
            bodyCapacity = body.capacity();
            if (whole) {
                unpacking = null;
                body.close();
                requireBody(body.length());
                records = task.records(body.bytes(), body.length());
            }
            return false;
        }
        return records != null && records.advance(SLICE);
    }

    private void store() throws Refused {
        filled = records == null ? List.of() : records.filled();
        // Before the first is stored: a request is refused whole.
        for (Filled each : filled) {
            StreamAccess.require(ctx, each.stream());
        }
        tryToStore(null);
    }

    /**
     * @param turn the spool that has room again; null at first
     * @return true if the request waits in {@code turn}'s queue still
     */
    private boolean tryToStore(@Nullable SpoolQueue turn) throws Refused {
        Attempt.Outcome outcome = Attempt.store(loop, filled, turn);
        if (outcome instanceof Attempt.Crowded crowded) {
            if (crowded.spool() != turn) {
                awaitRoom(crowded.spool());
            }
            return crowded.spool() == turn;
        }
        endPatience();
        if (outcome instanceof Attempt.Never never) {
            refusedBy(never.spool(), never.refusal());
        } else if (outcome instanceof Attempt.Stored taken) {
            settle(taken.shares());
        }
        return false;
    }

    private void awaitRoom(SpoolQueue crowded) {
        facts.heldBack(crowded.stream());
        crowdedSpool = crowded;
        crowded.awaitRoom(this);
        if (patience == null) {
            patience = ctx.eventLoop()
                    .withoutContext()
                    .schedule(() -> guarded(this::giveUp), limits.roomTimeout().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void settle(List<Attempt.Share> shares) {
        stored = true;
        owed = shares.size();
        dismiss();
        for (Attempt.Share share : shares) {
            if (share.offset() == Spool.DROPPED) {
                facts.dropped(share.records());
                dropped += share.records();
                owed--;
            } else {
                facts.accepted(share.records(), share.bytes(), share.spool().acknowledged(), share.offset());
                accepted += share.records();
                loop.connected().sent(ctx.remoteAddress(), share.records(), ctx, PostRequest::login);
                share.spool().awaitPassing(this, share.offset());
            }
        }
        answerIfAcknowledged();
    }

    private static ConnectedClients.Login login(ServiceRequestContext ctx) {
        return new ConnectedClients.Login("", Identity.of(ctx).name());
    }

    private void refusedBy(SpoolQueue spool, long refusal) {
        if (refusal == Spool.TOO_LARGE) {
            refused(Refused.tooLarge(
                    "the body's records are more than the spool of stream '" + spool.stream()
                            + "' can ever hold at once",
                    "send fewer records in one request, or raise spool.max-bytes"));
        } else {
            lost(spool.stream());
        }
    }

    /** For a timer, whose exceptions would be lost. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void giveUp() {
        SpoolQueue crowded = crowdedSpool;
        if (crowded == null) {
            return;
        }
        crowded.stopWaiting(this);
        refused(new Refused(
                Refusal.SPOOL_FULL,
                Problem.retry(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "the spool of stream '" + crowded.stream() + "' is full",
                        "send it again later; the agent's status page says whether the disk or the stream is why",
                        5)));
    }

    /** There may be room in {@code spool}: tries again. Returns false to go on waiting there. */
    boolean roomCame(SpoolQueue spool) {
        if (answer.isDone() || ctx.isCancelled()) {
            // The client is gone and will hear nothing: it must not find its records stored.
            endPatience();
            dismiss();
            return true;
        }
        try {
            return !tryToStore(spool);
        } catch (Refused why) {
            endPatience();
            refused(why);
            return true;
        }
    }

    /** A watermark has passed: what the listener promises holds for one block. */
    void passed() {
        owed--;
        answerIfAcknowledged();
    }

    private void answerIfAcknowledged() {
        if (owed == 0 && stored && !answer.isDone()) {
            answer.complete(task.stored(accepted, dropped));
        }
    }

    /** It never will: a spool failed. */
    void lost(String stream) {
        refused(new Refused(
                Refusal.SPOOL_FAILED,
                Problem.retry(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "the spool of stream '" + stream + "' failed or is closing",
                        "send it again; the agent's log has the reason",
                        5)));
    }

    @Override
    public void refused(Refused why) {
        dismiss();
        if (!answer.isDone()) {
            // Counted first: a client that has the answer finds it in the metrics.
            facts.refused(why.reason(), String.valueOf(ctx.remoteAddress()), task.what() + ": " + why.getMessage());
            answer.complete(
                    endpoint.form(ctx.request().headers(), why.problem()).toHttpResponse());
        }
    }

    /** A defect ends this request only: it is answered, and holds nothing any more. Its records may be stored. */
    void failed(Throwable defect) {
        endPatience();
        facts.defect("A request to " + task.what(), defect);
        refused(Refused.defect("its records may be stored all the same"));
    }

    @Override
    public void broken(Throwable cause) {
        dismiss();
        // Too slow or too large for the server itself, which answers it; or the client is gone.
        answer.completeExceptionally(cause);
    }

    private void endPatience() {
        crowdedSpool = null;
        if (patience != null) {
            patience.cancel(false);
        }
    }

    /** Releases the body and the blocks. */
    private void dismiss() {
        if (records != null) {
            records.release();
        }
        if (unpacking != null) {
            unpacking.close();
        }
        records = null;
        unpacking = null;
        share.release();
    }
}
