package io.penstock.mqtt;

import io.netty.buffer.ByteBufUtil;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.MutableRoom;
import io.penstock.base.ack.MutableWatermark;
import io.penstock.base.ack.Room;
import io.penstock.base.ack.Waiter;
import io.penstock.base.ack.Watermark;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A store whose durability the test advances by hand: it keeps publishes in memory, in order, and none is durable
 * before {@link #makeDurable}. Thread-safe.
 */
public final class ManualStore implements PublishHandler, Watermark {
    /** A copy of a publish's values. */
    record Event(
            String topic,
            byte[] payload,
            int qos,
            boolean retain,
            boolean dup,
            boolean will,
            String clientId,
            Optional<String> userName,
            ProtocolVersion version,
            Optional<String> contentType,
            Optional<String> responseTopic,
            Optional<String> correlation,
            OptionalLong expiry,
            boolean utf8,
            List<Publish.UserProperty> userProperties) {
        static Event of(Publish p) {
            return new Event(
                    p.topic(),
                    ByteBufUtil.getBytes(p.payload()),
                    p.qos(),
                    p.retain(),
                    p.dup(),
                    p.will(),
                    p.clientId(),
                    p.userName(),
                    p.protocolVersion(),
                    p.contentType(),
                    p.responseTopic(),
                    p.correlationData()
                            .map(data -> StandardCharsets.UTF_8.decode(data).toString()),
                    p.messageExpiryInterval(),
                    p.payloadIsUtf8(),
                    p.userProperties());
        }

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final MutableWatermark mark = new MutableWatermark();
    private final MutableRoom told = new MutableRoom();
    private final Set<Waiter> asked = ConcurrentHashMap.newKeySet();
    private final Room room = new Room() {
        @Override
        public void await(Waiter waiter) {
            told.await(waiter);
            asked.add(waiter);
        }

        @Override
        public boolean isCrowded(EventExecutor loop) {
            return told.isCrowded(loop);
        }
    };
    private boolean automatic;
    private boolean full;
    private long offered;

    @Override
    public synchronized void onPublish(Publish publish, Receipt receipt) {
        offered++;
        if (full) {
            receipt.noRoom(room);
            return;
        }
        long offset = events.size();
        events.add(Event.of(publish));
        if (publish.mark() instanceof StoredSessions.Mark kept) {
            kept.stored();
        }
        if (automatic) {
            mark.raise(offset + 1);
        }
        receipt.stored(this, offset);
    }

    /** The number of its waiters. */
    int waiters() {
        return (int) asked.stream().filter(Waiter::isWaiting).count();
    }

    /** From now on everything is durable at once. */
    synchronized ManualStore automatic() {
        automatic = true;
        return this;
    }

    /** From now on there is no room. */
    synchronized void fill() {
        full = true;
    }

    /** There is room again. */
    synchronized void empty() {
        full = false;
        told.tell();
    }

    /** Makes the first {@code count} events durable. */
    synchronized void makeDurable(long count) {
        mark.raise(count);
    }

    synchronized void fail() {
        mark.fail();
    }

    public List<Event> events() {
        return events;
    }

    List<String> payloads() {
        return events.stream().map(Event::text).toList();
    }

    /** How often the handler was called. */
    synchronized long offered() {
        return offered;
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
        asked.add(waiter);
    }
}
