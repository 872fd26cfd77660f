package io.penstock.delivery.sender.settle;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.fault.Fault;
import io.penstock.delivery.kinesis.put.PutOutcome;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.sender.call.Call;
import io.penstock.delivery.sender.deadletter.DeadLetters;
import io.penstock.delivery.sender.schedule.Lane;
import io.penstock.delivery.sender.schedule.Lanes;
import io.penstock.delivery.sender.schedule.Pace;
import io.penstock.delivery.sender.schedule.SendRecord;
import io.penstock.delivery.sender.schedule.SenderMemory;
import io.penstock.delivery.sender.status.DelayListener;
import io.penstock.delivery.sender.status.StreamCounters;
import io.penstock.delivery.sender.status.Usage;
import io.penstock.delivery.spool.Backlog;
import io.penstock.delivery.spool.Receipts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes the result of a call: stored records are settled, records refused for good are written to the dead letters,
 * and all others return to their places in the lanes.
 */
@OwnedBy(ThreadRole.SENDER)
public final class CallResultHandler {
    private static final Logger LOG = LoggerFactory.getLogger(CallResultHandler.class);

    /**
     * After this number of consecutive refused records, without a stored one, the records are no longer considered the
     * cause.
     */
    private static final int SUSPICIOUS_REJECTIONS = 100;

    private final Backlog backlog;
    private final Lanes lanes;
    private final SenderMemory memory;
    private final Health health;
    private final ShardWatch watch;
    private final OrderPromise promise;
    private final DeadLetters deadLetters;
    private final StreamCounters counters;
    private final DelayListener delays;
    private final RateLimitedLog refusals = RateLimitedLog.of(LOG);
    private int rejectedInARow;
    private long freed;

    public CallResultHandler(
            Backlog backlog,
            Lanes lanes,
            SenderMemory memory,
            Health health,
            ShardWatch watch,
            OrderPromise promise,
            DeadLetters deadLetters,
            StreamCounters counters,
            DelayListener delays) {
        this.backlog = backlog;
        this.lanes = lanes;
        this.memory = memory;
        this.health = health;
        this.watch = watch;
        this.promise = promise;
        this.deadLetters = deadLetters;
        this.counters = counters;
        this.delays = delays;
    }

    public void settle(Call call, PutOutcome outcome, long now) {
        List<SendRecord> notStored = new ArrayList<>();
        if (outcome instanceof PutOutcome.Answered answered
                && answered.entries().size() == call.lanes().size()) {
            promise.answered(answered.ordered(), now);
            settleEntries(call, answered, now);
            settleEach(call, answered, notStored, now);
        } else {
            promise.lost();
            Fault fault = faultOf(outcome);
            settleAll(call, fault, notStored, now);
            sentAgain(fault, notStored.size());
        }
        counters.retried.add(notStored.size());
        settlePaces(call, now);
        memory.release(freed);
        freed = 0;
        lanes.callDone(call.keysOut(), notStored);
    }

    /** Records that share a call with a refused one are not refused themselves: no cause of theirs is known. */
    private void sentAgain(Fault why, int records) {
        if (records > 0 && !(why instanceof Fault.Rejected)) {
            counters.retriedFor.add(why.why().name(), records);
        }
    }

    private static Fault faultOf(PutOutcome outcome) {
        return outcome instanceof PutOutcome.Failed failed
                ? failed.fault()
                : new Fault.Unavailable("the answer does not have one result per record", true);
    }

    /** Updates the shards' paces and the shard map. */
    private void settleEntries(Call call, PutOutcome.Answered answered, long now) {
        int stored = 0;
        long bytes = 0;
        int units = 0;
        int kibibytes = 0;
        for (int i = 0; i < call.lanes().size(); i++) {
            Lane lane = call.lanes().get(i);
            PutOutcome.EntryOutcome entry = answered.entries().get(i);
            int size = call.entryBytes(i);
            double cost = Pace.cost(size);
            if (entry instanceof PutOutcome.Stored done) {
                stored++;
                lane.stored(cost, size);
                bytes += size;
                units += Usage.units(size);
                kibibytes += Usage.kibibytes(size);
                if (!lane.holds(done.shardId())) {
                    watch.sawOtherShard(done.shardId(), now);
                }
            } else if (entry instanceof PutOutcome.NotStored not
                    && (not.fault() instanceof Fault.Throttled || not.fault() instanceof Fault.Unavailable)) {
                lane.throttled(cost);
            }
        }
        counters.kinesisRecords.add(stored);
        counters.kinesisBytes.add(bytes);
        counters.units.add(units);
        counters.kibibytes.add(kibibytes);
    }

    private void settleEach(Call call, PutOutcome.Answered answered, List<SendRecord> notStored, long now) {
        int stored = 0;
        int oldest = 0;
        long stamp = delays.stamp();
        long storedBytes = 0;
        int unitsAlone = 0;
        int kibibytesAlone = 0;
        Set<SendRecord> putAside = putAside(refused(call, answered), now);
        List<Fault> hindrances = new ArrayList<>(0);
        List<Fault> unavailable = new ArrayList<>(0);
        Set<Hash128> failedKeys = new LinkedHashSet<>(0);
        for (int i = 0; i < call.records().size(); i++) {
            SendRecord record = call.records().get(i);
            PutOutcome.EntryOutcome entry = answered.entries().get(call.entryOf()[i]);
            if (entry instanceof PutOutcome.Stored done) {
                stored++;
                storedBytes += record.size();
                oldest = Math.max(oldest, record.waitedUntil(stamp));
                unitsAlone += Usage.units(record.size());
                kibibytesAlone += Usage.kibibytes(record.size());
                if (!failedKeys.isEmpty()) {
                    noteOrder(call, record, failedKeys);
                }
                store(record, done);
            } else if (entry instanceof PutOutcome.Unclear unclear) {
                outcomeUnknown(record);
                notStored.add(record);
                Fault fault = new Fault.Unavailable("an answer that cannot be read: it has " + unclear.detail(), true);
                hindrances.add(fault);
                sentAgain(fault, 1);
            } else if (entry instanceof PutOutcome.NotStored not) {
                failedKeys.add(record.key());
                if (!putAside.contains(record)) {
                    notStored.add(record);
                    sentAgain(not.fault(), 1);
                    entryFailed(call, i, not.fault(), hindrances, unavailable);
                }
            }
        }
        counters.delivered.add(stored);
        counters.deliveredBytes.add(storedBytes);
        counters.unitsAlone.add(unitsAlone);
        counters.kibibytesAlone.add(kibibytesAlone);
        if (stored > 0) {
            rejectedInARow = 0;
            health.rest();
            delays.delivered(backlog.stream(), oldest);
        }
        if (!hindrances.isEmpty()) {
            hinder(hindrances.get(0), call, now);
        } else if (!unavailable.isEmpty()
                && unavailable.size() == call.records().size()) {
            // The endpoint could not carry out the call, and reported that for each record.
            hinder(unavailable.get(0), call, now);
        } else if (stored == 0 && health.parked() && !notStored.isEmpty()) {
            health.failed(Explanation.of(ConditionName.THROTTLED, "throttled"), call.sentAt(), now);
        }
    }

    /**
     * The records that the service refused individually. If a refused Kinesis record holds several, the answer does not
     * tell which one is the cause.
     */
    private static List<DeadLetters.Letter> refused(Call call, PutOutcome.Answered answered) {
        List<DeadLetters.Letter> refused = new ArrayList<>(0);
        for (int i = 0; i < call.records().size(); i++) {
            int entry = call.entryOf()[i];
            if (answered.entries().get(entry) instanceof PutOutcome.NotStored not
                    && not.fault() instanceof Fault.Rejected rejected
                    && !call.shared(entry)) {
                refused.add(new DeadLetters.Letter(call.records().get(i), rejected.detail()));
            }
        }
        return refused;
    }

    private void noteOrder(Call call, SendRecord record, Set<Hash128> failedKeys) {
        if (call.runs() && !record.lateBound() && failedKeys.contains(record.key())) {
            counters.brokenPromises.increment();
            if (promise.broken()) {
                LOG.error(
                        "The endpoint of {} promised to keep the order of a key within a call and did not: it is not"
                                + " believed again",
                        backlog.stream());
            }
        }
    }

    private void store(SendRecord record, PutOutcome.Stored done) {
        if (record.wantsNumber()) {
            backlog.stored(record.offset(), new Receipts.Receipt(done.shardId(), done.sequenceNumber()));
        }
        if (record.perhapsStored() || record.perhapsSentBefore()) {
            counters.possibleDuplicates.increment();
        }
        done(record);
    }

    private void done(SendRecord record) {
        backlog.settle(record.offset());
        lanes.forget(record);
        freed += record.memory();
    }

    private void entryFailed(Call call, int index, Fault fault, List<Fault> hindrances, List<Fault> unavailable) {
        if (fault instanceof Fault.Rejected) {
            if (call.shared(call.entryOf()[index])) {
                call.records().get(index).limitCall(1);
            }
        } else if (fault instanceof Fault.Throttled) {
            counters.throttled.increment();
        } else if (fault instanceof Fault.Unavailable) {
            unavailable.add(fault);
        } else {
            hindrances.add(fault);
        }
    }

    private void settleAll(Call call, Fault fault, List<SendRecord> notStored, long now) {
        List<SendRecord> records = call.records();
        boolean tooLarge = fault instanceof Fault.RequestTooLarge;
        if (records.size() > 1 && (tooLarge || fault instanceof Fault.Rejected)) {
            records.forEach(record -> record.limitCall(records.size() / 2));
            notStored.addAll(records);
            return;
        }
        if (fault instanceof Fault.Rejected || (tooLarge && records.get(0).size() > watch.maxRecordBytes())) {
            String reason = tooLarge
                    ? "larger than the stream takes, " + watch.maxRecordBytes() + " bytes: " + fault.detail()
                    : fault.detail();
            if (putAside(List.of(new DeadLetters.Letter(records.get(0), reason)), now)
                    .isEmpty()) {
                notStored.addAll(records);
            }
            return;
        }
        notStored.addAll(records);
        if (fault instanceof Fault.Throttled) {
            counters.throttled.add(records.size());
            for (int i = 0; i < call.lanes().size(); i++) {
                call.lanes().get(i).throttled(Pace.cost(call.entryBytes(i)));
            }
            return;
        }
        if (fault instanceof Fault.Unavailable unavailable && unavailable.perhapsStored()) {
            records.forEach(this::outcomeUnknown);
        }
        hinder(fault, call, now);
    }

    private void outcomeUnknown(SendRecord record) {
        if (record.perhapsStored()) {
            counters.possibleDuplicates.increment();
        }
        record.outcomeUnknown();
    }

    private void hinder(Fault fault, Call call, long now) {
        if (fault instanceof Fault.MissingStream missing) {
            watch.missing(missing.why());
        } else if (fault instanceof Fault.Denied denied) {
            health.park(denied.why(), now);
        } else if (fault instanceof Fault.RequestTooLarge tooLarge) {
            String reason = "a request with one record of " + call.entryBytes(0) + " bytes is too large for what stands"
                    + " between, which must let 16 MiB pass: ";
            health.park(tooLarge.why().after(reason), now);
        } else {
            health.failed(fault.why(), call.sentAt(), now);
        }
    }

    /**
     * Writes the refused records to the dead letters, and settles those that are on disk. If some could not be written,
     * these records stay, and the stream is parked.
     */
    private Set<SendRecord> putAside(List<DeadLetters.Letter> refused, long now) {
        if (refused.isEmpty()) {
            return Set.of();
        }
        String reason = refused.get(refused.size() - 1).reason();
        List<DeadLetters.Letter> letters =
                refused.subList(0, Math.min(refused.size(), SUSPICIOUS_REJECTIONS - rejectedInARow));
        if (letters.size() < refused.size()) {
            health.park(
                    Explanation.of(
                            ConditionName.PARKED, "record after record is refused, the last one with: " + reason),
                    now);
        }
        try {
            deadLetters.add(letters);
        } catch (IOException unwritable) {
            health.park(
                    Explanation.of(
                            ConditionName.PARKED, "refused records cannot be put aside: " + unwritable.getMessage()),
                    now);
            return Set.of();
        }
        Set<SendRecord> gone = new HashSet<>();
        for (DeadLetters.Letter letter : letters) {
            gone.add(letter.record());
            counters.refusedFor.add(letter.reason());
            done(letter.record());
        }
        rejectedInARow += letters.size();
        counters.deadLetters.add(letters.size());
        if (!letters.isEmpty()) {
            refusals.error(
                    "",
                    (letters.size() == 1 ? "A record of " : letters.size() + " records of ") + backlog.stream()
                            + " refused for good: in " + deadLetters.file() + " now, " + reason);
        }
        return gone;
    }

    private static void settlePaces(Call call, long now) {
        for (Lane lane : call.lanes()) {
            lane.settled(call.sentAt(), now);
        }
    }
}
