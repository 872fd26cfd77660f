package io.penstock.mqtt.bridge;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.MutableRoom;
import io.penstock.base.ack.MutableWatermark;
import io.penstock.base.ack.Room;
import io.penstock.base.ack.Waiter;
import io.penstock.base.ack.Watermark;
import io.penstock.mqtt.Publish;
import io.penstock.mqtt.Receipt;
import io.penstock.mqtt.StoredSessions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A store whose durability and room the test decides. Thread-safe. */
final class StoreOfTest implements BridgeHandler, Watermark, Room {
    record Event(
            String topic,
            String payload,
            int qos,
            boolean retain,
            boolean dup,
            Optional<String> contentType,
            Optional<String> responseTopic,
            OptionalLong expiry,
            List<Publish.UserProperty> userProperties) {}

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<String> unfit = new CopyOnWriteArrayList<>();
    private final List<Long> tooLarge = new CopyOnWriteArrayList<>();
    private final MutableWatermark mark = new MutableWatermark();
    private final MutableRoom told = new MutableRoom();
    private boolean automatic = true;
    private boolean full;
    private @Nullable RuntimeException bug;

    @Override
    public synchronized void onPublish(Publish publish, Receipt receipt) {
        if (bug != null) {
            throw bug;
        }
        if (full) {
            receipt.noRoom(this);
            return;
        }
        long offset = events.size();
        events.add(new Event(
                publish.topic(),
                publish.payload().toString(StandardCharsets.UTF_8),
                publish.qos(),
                publish.retain(),
                publish.dup(),
                publish.contentType(),
                publish.responseTopic(),
                publish.messageExpiryInterval(),
                publish.userProperties()));
        receipt.stored(this, offset);
        if (publish.mark() instanceof StoredSessions.Mark mark) {
            mark.stored();
        }
        if (automatic) {
            mark.raise(offset + 1);
        }
    }

    @Override
    public synchronized void onTooLarge(Publish head, long payloadBytes, Receipt receipt) {
        if (full) {
            receipt.noRoom(this);
            return;
        }
        tooLarge.add(payloadBytes);
        receipt.acknowledged();
    }

    @Override
    public synchronized void onUnfit(Publish publish, String fault, Receipt receipt) {
        if (full) {
            receipt.noRoom(this);
            return;
        }
        unfit.add(publish.topic() + " " + publish.payload().toString(StandardCharsets.UTF_8) + ": " + fault);
        receipt.acknowledged();
    }

    /** From now on only {@link #makeDurable} makes durable. */
    synchronized StoreOfTest manual() {
        automatic = false;
        return this;
    }

    synchronized void makeDurable(long count) {
        mark.raise(count);
    }

    synchronized void fill() {
        full = true;
    }

    synchronized void empty() {
        full = false;
        told.tell();
    }

    synchronized void fail() {
        mark.fail();
    }

    /** From now on the handler throws; null: no longer. */
    synchronized void throwing(@Nullable RuntimeException failure) {
        bug = failure;
    }

    List<Event> events() {
        return events;
    }

    List<String> payloads() {
        return events.stream().map(Event::payload).toList();
    }

    /** Topic, payload and fault of each. */
    List<String> unfit() {
        return unfit;
    }

    List<Long> tooLarge() {
        return tooLarge;
    }

    @Override
    public long end() {
        return mark.end();
    }

    @Override
    public boolean failed() {
        return mark.failed();
    }

    @Override
    public void await(long offset, Waiter waiter) {
        mark.await(offset, waiter);
    }

    @Override
    public void await(Waiter waiter) {
        told.await(waiter);
    }

    @Override
    public boolean isCrowded(EventExecutor loop) {
        return told.isCrowded(loop);
    }
}
