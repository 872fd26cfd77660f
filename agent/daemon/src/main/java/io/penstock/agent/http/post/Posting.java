package io.penstock.agent.http.post;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.concurrent.ScheduledFuture;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.http.body.BodyCollector;
import io.penstock.agent.http.body.BodyFormat;
import io.penstock.agent.http.body.BodyReader;
import io.penstock.agent.http.body.BodyShare;
import io.penstock.agent.http.body.HttpLimits;
import io.penstock.agent.http.body.Unpacking;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.agent.route.Destination;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.TooManyStreamsException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request's way: body gathered, taken apart and encoded in slices, appended as a unit (waiting a bounded time for
 * room), answered when the watermark has passed. Its memory is accounted to the listener's memory until the spool has
 * the block.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Posting implements BodyCollector.Receiver, Runnable {
    /** Bytes of body taken apart before the event loop's other connections have their turn. */
    private static final int SLICE = 256 * 1024;

    private final ServiceRequestContext ctx;
    private final String posted;
    private final Destination destination;
    private final Wishes wishes;
    private final int maxRecord;
    private final BodyFormat format;
    private final boolean gzip;
    private final HttpLimits limits;
    private final LoopState loop;
    private final SourceFacts facts;
    private final BodyShare share;
    private final CompletableFuture<HttpResponse> answer = new CompletableFuture<>();

    private @Nullable Unpacking unpacking;
    private @Nullable BodyReader reader;
    private @Nullable BlockWriter writer;
    private @Nullable SpoolQueue spool;
    private @Nullable ScheduledFuture<?> patience;
    private int bodyCapacity;
    private int accepted;

    Posting(Request request, HttpLimits limits, LoopState loop, SourceFacts facts, BodyShare share) {
        this.ctx = request.ctx();
        this.posted = request.stream();
        this.destination = request.destination();
        this.wishes = request.wishes();
        this.maxRecord = request.maxRecord();
        this.format = request.format();
        this.gzip = request.gzip();
        this.limits = limits;
        this.loop = loop;
        this.facts = facts;
        this.share = share;
    }

    BodyShare share() {
        return share;
    }

    /** What the head of a request asks for. */
    record Request(
            ServiceRequestContext ctx,
            String stream,
            Destination destination,
            Wishes wishes,
            int maxRecord,
            BodyFormat format,
            boolean gzip) {}

    HttpResponse answer() {
        return HttpResponse.of(answer);
    }

    @Override
    public void received(byte[] bytes, int length) {
        assert OwnerCheck.isOn(ctx.eventLoop());
        ctx.setRequestTimeout(TimeoutMode.SET_FROM_NOW, limits.roomTimeout().plus(limits.ackTimeout()));
        bodyCapacity = bytes.length;
        try {
            if (length == 0) {
                throw Refused.malformed("the body is empty", "send at least one record");
            }
            if (gzip) {
                unpacking = new Unpacking(bytes, length, limits.maxBody());
            } else {
                read(bytes, length);
            }
            run();
        } catch (Refused why) {
            refused(why);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void read(byte[] body, int length) throws Refused {
        if (length == 0) {
            throw Refused.malformed("the body is empty", "send at least one record");
        }
        BlockWriter out = new BlockWriter(loop, destination, wishes, maxRecord);
        writer = out;
        reader = format.reader(body, length, out);
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
            int encoded = writer == null ? 0 : writer.block().size();
            if (!share.resize((long) bodyCapacity + encoded)) {
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
            if (!unpacking.advance(SLICE)) {
                bodyCapacity = unpacking.capacity();
                return false;
            }
            bodyCapacity = unpacking.capacity();
            unpacking.close();
            read(unpacking.bytes(), unpacking.length());
            unpacking = null;
            return false;
        }
        return reader != null && reader.advance(SLICE);
    }

    private void store() throws Refused {
        if (writer == null || writer.block().count() == 0) {
            dismiss();
            answer.complete(stored(0, 0));
            return;
        }
        try {
            spool = loop.spool(destination.stream());
        } catch (TooManyStreamsException tooMany) {
            throw new Refused(
                    Refusal.TOO_MANY_STREAMS,
                    Problem.retry(
                            HttpStatus.TOO_MANY_REQUESTS,
                            String.valueOf(tooMany.getMessage()),
                            "post to a stream that is there, or raise engine.max-streams",
                            60));
        }
        if (spool.crowded() || !append(spool, writer)) {
            facts.heldBack(destination.stream().stream());
            SpoolQueue crowded = spool;
            crowded.awaitRoom(this);
            patience = ctx.eventLoop()
                    .withoutContext()
                    .schedule(() -> giveUp(crowded), limits.roomTimeout().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void giveUp(SpoolQueue crowded) {
        crowded.stopWaiting(this);
        refused(new Refused(
                Refusal.SPOOL_FULL,
                Problem.retry(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "the spool of stream '" + destination.stream().stream() + "' is full",
                        "send it again later; the agent's status page says whether the disk or the stream is why",
                        5)));
    }

    /** There may be room: tries again. Returns false to go on waiting. */
    boolean roomCame() {
        if (spool == null || writer == null || ctx.isCancelled()) {
            // The client is gone and will hear nothing: it must not find its records stored.
            endPatience();
            dismiss();
            return true;
        }
        if (!append(spool, writer)) {
            return false;
        }
        endPatience();
        return true;
    }

    /** Returns false when there is no room now. */
    private boolean append(SpoolQueue into, BlockWriter records) {
        int count = records.block().count();
        long offset = into.spool().append(records.block());
        if (offset == Spool.FULL) {
            return false;
        }
        dismiss();
        if (offset == Spool.DROPPED) {
            facts.dropped(count);
            answer.complete(stored(0, count));
        } else if (offset == Spool.TOO_LARGE) {
            refused(Refused.tooLarge(
                    "the body's records are more than the spool of stream '" + destination.stream().stream()
                            + "' can ever hold at once",
                    "send fewer records in one request, or raise spool.max-bytes"));
        } else if (offset < 0) {
            lost();
        } else {
            facts.accepted(count, records.bytes());
            accepted = count;
            into.awaitPassing(this, offset);
        }
        return true;
    }

    /** The watermark has passed: what the listener promises holds. */
    void passed() {
        answer.complete(stored(accepted, 0));
    }

    /** It never will: the spool failed. */
    void lost() {
        refused(new Refused(
                Refusal.SPOOL_FAILED,
                Problem.retry(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "the spool of stream '" + destination.stream().stream() + "' failed or is closing",
                        "send it again; the agent's log has the reason",
                        5)));
    }

    @Override
    public void refused(Refused why) {
        dismiss();
        if (!answer.isDone()) {
            // Counted first: a client that has the answer finds it in the metrics.
            facts.refused(
                    why.reason(), String.valueOf(ctx.remoteAddress()), "stream '" + posted + "': " + why.getMessage());
            answer.complete(why.problem().toResponse());
        }
    }

    /** A defect ends this request only: it is answered, and holds nothing any more. Its records may be stored. */
    void failed(Throwable defect) {
        endPatience();
        facts.defect("A request to stream '" + posted + "'", defect);
        refused(new Refused(
                Refusal.DEFECT,
                Problem.retry(
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        "the agent could not carry out the request, its records may be stored all the same",
                        "send it again later; the agent's log says why",
                        5)));
    }

    @Override
    public void broken(Throwable cause) {
        dismiss();
        // Too slow or too large for the server itself, which answers it; or the client is gone.
        answer.completeExceptionally(cause);
    }

    private void endPatience() {
        if (patience != null) {
            patience.cancel(false);
        }
    }

    /** Releases the body and the block. */
    private void dismiss() {
        if (writer != null) {
            loop.giveBack(writer.block());
        }
        if (unpacking != null) {
            unpacking.close();
        }
        writer = null;
        reader = null;
        unpacking = null;
        share.release();
    }

    private HttpResponse stored(int records, int dropped) {
        return HttpResponse.of(
                HttpStatus.OK,
                MediaType.JSON,
                dropped == 0
                        ? String.format(
                                Locale.ROOT,
                                "{\"stream\":\"%s\",\"records\":%d}%n",
                                destination.stream().stream(),
                                records)
                        : String.format(
                                Locale.ROOT,
                                "{\"stream\":\"%s\",\"records\":%d,\"dropped\":%d}%n",
                                destination.stream().stream(),
                                records,
                                dropped));
    }
}
