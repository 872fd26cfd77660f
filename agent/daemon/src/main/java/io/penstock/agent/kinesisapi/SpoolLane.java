package io.penstock.agent.kinesisapi;

import io.netty.channel.EventLoop;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.metrics.ConnectedClients;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyFields;
import io.penstock.base.ack.AckQueue;
import io.penstock.base.ack.RoomQueue;
import io.penstock.base.ack.Watermark;
import io.penstock.base.fault.Guard;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.Receipts;
import io.penstock.delivery.spool.Spool;
import io.penstock.engine.auth.AccessKeyId;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.put.PutBatch;
import io.penstock.engine.put.Puts;
import io.penstock.journal.EntryBlock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * The puts into one stream that arrived on one event loop: appended to the stream's spool in order of arrival, answered
 * when they are as durable as {@code ack} says. A call that waits too long for room or for its acknowledgement is
 * refused with an error that the SDKs retry. Its records may be stored all the same if the spool has them.
 *
 * <p>Bounded by {@link ApiLimits#mostOwed} over all lanes, and by the memory for bodies, which a call holds until its
 * answer.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class SpoolLane implements AckQueue.Answers<PutUnderWay> {
    private static final long LOOK_MILLIS = 250;
    private static final long SHARDS_LOOK_MILLIS = 20;
    private static final String ANSWER = "The answer of a put";

    private final EventLoop loop;
    private final Destination destination;
    private final Spool spool;
    private final SpoolPuts puts;
    private final ShardNumbers shards;
    private final Guard guard = new Guard(LoggerFactory.getLogger(SpoolLane.class));
    private final AckQueue<PutUnderWay> owed;
    private final RoomQueue<PutUnderWay> waiting;
    private final ArrayDeque<PutUnderWay> unanswered = new ArrayDeque<>();
    private boolean looking;

    SpoolLane(EventLoop loop, Destination destination, Spool spool, SpoolPuts puts, ShardNumbers shards) {
        this.loop = loop;
        this.destination = destination;
        this.spool = spool;
        this.puts = puts;
        this.shards = shards;
        this.owed = new AckQueue<>(loop, this, this::settle);
        this.waiting = new RoomQueue<>(loop, spool.whenRoom(), this::retry);
    }

    /** Takes a call. The batch may be reused afterwards. */
    void put(PutBatch batch, Puts.Call call, KeyFields called) {
        assert OwnerCheck.isOn(loop);
        int maxRecord = puts.intake().maxRecord().applyAsInt(destination.stream());
        AckMode ack = puts.ack();
        EntryBlock block = puts.blocks().write(batch, called, destination, maxRecord, ack == AckMode.DELIVERED);
        PutUnderWay put = new PutUnderWay(call, batch.hashKeys(), batch.totalSize(), ack, block);
        if (!puts.owe(weight(put))) {
            puts.blocks().giveBack(block);
            throw throttled("as many puts as may be wait for their acknowledgement");
        }
        if (waiting.isCrowded() || !append(put)) {
            puts.facts().heldBack(name());
            waiting.add(put);
        }
        if (!put.isAnswered()) {
            unanswered.add(put);
            lookLater();
        }
    }

    private static int weight(PutUnderWay put) {
        return put.delivers() ? put.records() : 1;
    }

    private String name() {
        return destination.stream().stream();
    }

    /** The id of its key is what the client says, unless signatures are checked. */
    private static ConnectedClients.Login login(PutUnderWay put) {
        return new ConnectedClients.Login(AccessKeyId.of(put.call().authorization()), "");
    }

    /** Returns false if there is no room now. */
    private boolean append(PutUnderWay put) {
        EntryBlock block = put.block();
        if (block == null) {
            return true;
        }
        long offset = spool.append(block);
        if (offset == Spool.FULL) {
            return false;
        }
        put.dropBlock();
        puts.blocks().giveBack(block);
        if (offset >= 0) {
            Watermark acknowledged = put.ack().of(spool);
            puts.facts().accepted(put.records(), put.bytes(), acknowledged, offset);
            puts.connected().sent(put.call().peer(), put.records(), put, SpoolLane::login);
            put.spooledUpTo(offset);
            owed.add(acknowledged, offset, 0, put);
            settle();
        } else {
            puts.settled(weight(put));
            put.refuse(refusal(offset));
        }
        return true;
    }

    private ServiceException refusal(long result) {
        if (result == Spool.DROPPED) {
            return throttled("its spool is full and drops what is new (spool.when-full: drop-newest)");
        }
        if (result == Spool.TOO_LARGE) {
            return ServiceException.invalidArgument("The call's records are more than the spool of stream " + name()
                    + " can ever hold: send fewer in one call, or raise spool.max-bytes of the agent.");
        }
        return failed();
    }

    private ServiceException failed() {
        return new ServiceException(
                ErrorType.SERVICE_UNAVAILABLE,
                "The agent's spool of stream " + name() + " failed or is closing; the agent's log says why.");
    }

    private ServiceException throttled(String why) {
        return new ServiceException(
                ErrorType.THROUGHPUT_EXCEEDED,
                "Rate exceeded for stream " + name() + " at the agent: " + why + ". Send it again later.");
    }

    private boolean retry(PutUnderWay put) {
        boolean done = true;
        try {
            done = append(put);
        } catch (RuntimeException | Error e) {
            guard.failed("A put that waited for room", e);
            puts.settled(weight(put));
            put.refuse(new ServiceException(ErrorType.INTERNAL_FAILURE, "The put could not be stored."));
        }
        return done;
    }

    private void settle() {
        owed.settle();
    }

    @Override
    public void passed(int tag, PutUnderWay put) {
        guard.run(ANSWER, () -> {
            puts.settled(weight(put));
            if (put.delivers()) {
                delivered(put);
            } else {
                answerOurs(put);
            }
        });
    }

    @Override
    public void lost(int tag, PutUnderWay put) {
        guard.run(ANSWER, () -> {
            puts.settled(weight(put));
            put.refuse(failed());
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the result is not needed
    private void answerOurs(PutUnderWay put) {
        if (shards.isWorthWaiting()) {
            loop.schedule(() -> guard.run(ANSWER, () -> answerOurs(put)), SHARDS_LOOK_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        Puts.Call call = put.call();
        put.answer(PutAnswers.ours(call.codec(), call.single(), put.first(), shards.of(put.hashKeys())));
    }

    private void delivered(PutUnderWay put) {
        List<Optional<Receipts.Receipt>> receipts = new ArrayList<>(put.records());
        for (int i = 0; i < put.records(); i++) {
            receipts.add(spool.receipts().take(put.first() + i));
        }
        Puts.Call call = put.call();
        if (!call.single()) {
            put.answer(PutAnswers.delivered(call.codec(), receipts));
        } else if (receipts.get(0).isPresent()) {
            put.answer(PutAnswers.entry(call.codec(), receipts.get(0).get()));
        } else {
            put.refuse(new ServiceException(ErrorType.INTERNAL_FAILURE, PutAnswers.REFUSED));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the result is not needed
    private void lookLater() {
        if (!looking) {
            looking = true;
            loop.schedule(
                    () -> guard.run("The look at puts that wait", this::look), LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Refuses the calls that have waited too long. */
    private void look() {
        looking = false;
        unanswered.removeIf(put -> put.isAnswered() || givenUp(put));
        if (!unanswered.isEmpty()) {
            lookLater();
        }
    }

    private boolean givenUp(PutUnderWay put) {
        EntryBlock block = put.block();
        if (block != null && put.ageNanos() > puts.limits().roomWait().toNanos()) {
            waiting.remove(put);
            put.dropBlock();
            puts.settled(weight(put));
            put.refuse(throttled(
                    "its spool has no room; the agent's status page says whether the disk or the stream" + " is why"));
        } else if (block == null && put.ageNanos() > puts.limits().ackWait().toNanos()) {
            // Its entry stays owed, so that its receipts are taken.
            put.refuse(new ServiceException(
                    ErrorType.SERVICE_UNAVAILABLE,
                    "The records for stream " + name() + " were not acknowledged in time; they may be stored. Send them"
                            + " again."));
        }
        return put.isAnswered();
    }
}
