package io.penstock.mqtt.internal.bridge;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.bridge.BridgeState.RefusedFilter;
import io.penstock.mqtt.internal.bridge.Subscriptions.Entry;
import io.penstock.mqtt.internal.wire.BrokerPacket;
import io.penstock.mqtt.internal.wire.Outbox;
import io.penstock.mqtt.internal.wire.PropertyWalker;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Consumer;

/**
 * Asks the broker over one connection for the filters that its session lacks, then takes back those that are no longer
 * wanted: one packet at a time. A refused filter or a strange answer never ends the connection.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Subscriber {
    /** AWS IoT Core takes eight filters in one packet. */
    private static final int BATCH = 8;

    private static final byte[] NO_PROPERTIES = {0};
    private static final byte[] NOTHING = {};
    private static final int NO_SUBSCRIPTION_EXISTED = 0x11;
    private static final int NO_SHARED = 0x9E;
    private static final int NO_WILDCARDS = 0xA2;

    private final Subscriptions subscriptions;
    private final Outbox outbox;
    private final boolean five;
    private final Consumer<RefusedFilter> refused;
    private final Runnable changed;

    // What CONNACK says that the broker has.
    private boolean shared = true;
    private boolean wildcards = true;

    /** Filters in one packet: one, once several were more than the broker takes. */
    private int batch = BATCH;

    private int packetId;
    private boolean pending;
    private List<Entry> asked = List.of();
    private List<String> takenBack = List.of();

    /**
     * @param refused is told of each objection of the broker
     * @param changed runs when the broker's filters have changed
     */
    Subscriber(
            Subscriptions subscriptions,
            Outbox outbox,
            boolean five,
            Consumer<RefusedFilter> refused,
            Runnable changed) {
        this.subscriptions = subscriptions;
        this.outbox = outbox;
        this.five = five;
        this.refused = refused;
        this.changed = changed;
    }

    /** CONNACK says what the broker has: a filter that it cannot take would end the connection, and is not asked for. */
    void announced(BrokerPacket connack) {
        shared = connack.number(PropertyWalker.SHARED_AVAILABLE).orElse(1) == 1;
        wildcards = connack.number(PropertyWalker.WILDCARD_AVAILABLE).orElse(1) == 1;
    }

    /** The code with which the broker would refuse the filter; 0 if it may be asked for. */
    private int unavailable(Entry entry) {
        if (!shared && entry.filter().startsWith("$share/")) {
            return NO_SHARED;
        }
        boolean wild = entry.filter().indexOf('+') >= 0 || entry.filter().indexOf('#') >= 0;
        return !wildcards && wild ? NO_WILDCARDS : 0;
    }

    /** The filters that were asked for and not answered. */
    List<Entry> asked() {
        return asked;
    }

    /** True if a filter has to be asked for or taken back. */
    boolean hasWork() {
        return pending
                || !subscriptions.missing(1).isEmpty()
                || !subscriptions.surplus(1).isEmpty();
    }

    /** Sends the next packet if there is one and none is pending. */
    void step() {
        while (!pending) {
            List<Entry> missing = subscriptions.missing(subscriptions.isSuspicious() ? 1 : batch);
            List<Entry> askable =
                    missing.stream().filter(entry -> unavailable(entry) == 0).toList();
            for (Entry entry : missing) {
                if (unavailable(entry) != 0) {
                    object(entry, unavailable(entry), Faults.filter(unavailable(entry), five));
                }
            }
            if (!askable.isEmpty()) {
                subscribe(askable);
            }
            if (!missing.isEmpty()) {
                continue;
            }
            List<String> surplus = subscriptions.surplus(batch);
            if (surplus.isEmpty()) {
                return;
            }
            unsubscribe(surplus);
        }
    }

    private void subscribe(List<Entry> entries) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Entry entry : entries) {
            ConnectBytes.text(body, entry.filter());
            body.write(entry.options(five));
        }
        if (send(ConnectBytes.SUBSCRIBE, body)) {
            asked = entries;
        } else if (entries.size() > 1) {
            batch = 1;
        } else {
            entries.forEach(entry -> object(entry, 0x95, "the broker takes no packet that is large enough for it"));
        }
    }

    private void unsubscribe(List<String> filters) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        filters.forEach(filter -> ConnectBytes.text(body, filter));
        if (send(ConnectBytes.UNSUBSCRIBE, body)) {
            takenBack = filters;
            subscriptions.takingBack(filters);
        } else if (filters.size() > 1) {
            batch = 1;
        } else {
            filters.forEach(subscriptions::removed);
        }
    }

    private boolean send(int first, ByteArrayOutputStream body) {
        packetId = packetId % 0xFFFF + 1;
        byte[] id = {(byte) (packetId >> 8), (byte) packetId};
        pending = outbox.packet(first, id, five ? NO_PROPERTIES : NOTHING, body.toByteArray());
        return pending;
    }

    /** A SUBACK. Returns a complaint about it in words; empty if it is as it should be. */
    String subacked(BrokerPacket packet) {
        if (!pending || packet.packetId() != packetId || asked.isEmpty()) {
            return "it answers a SUBSCRIBE that was not sent";
        }
        byte[] codes = packet.codes();
        List<Entry> entries = asked;
        asked = List.of();
        pending = false;
        String reason = packet.text(PropertyWalker.REASON_STRING);
        for (int i = 0; i < entries.size(); i++) {
            // A code that is missing refuses: the filter is asked for again later.
            answered(entries.get(i), i < codes.length ? codes[i] & 0xFF : 0x80, reason);
        }
        changed.run();
        return codes.length == entries.size()
                ? ""
                : "it has " + codes.length + " codes for " + entries.size() + " filters; a filter without a code is"
                        + " asked for again later";
    }

    private void answered(Entry entry, int code, String reason) {
        if (code > 2) {
            object(
                    entry,
                    code < 0x80 ? 0x80 : code,
                    Faults.filter(code, five) + (reason.isEmpty() ? "" : ": " + reason));
            return;
        }
        subscriptions.granted(entry);
        if (code < entry.qos()) {
            object(entry, code, "the broker grants QoS " + code + " where QoS " + entry.qos() + " is wanted");
        }
    }

    private void object(Entry entry, int code, String reason) {
        RefusedFilter objection = new RefusedFilter(entry.filter(), code, reason);
        subscriptions.objected(objection);
        refused.accept(objection);
    }

    /** An UNSUBACK. Returns a complaint about it; empty if it is as it should be. */
    String unsubacked(BrokerPacket packet) {
        if (!pending || packet.packetId() != packetId || takenBack.isEmpty()) {
            return "it answers an UNSUBSCRIBE that was not sent";
        }
        byte[] codes = packet.codes();
        List<String> filters = takenBack;
        takenBack = List.of();
        pending = false;
        String complaint = "";
        for (int i = 0; i < filters.size(); i++) {
            int code = i < codes.length ? codes[i] & 0xFF : 0;
            if (code != 0 && code != NO_SUBSCRIPTION_EXISTED) {
                complaint = "the broker does not take back the filter '" + filters.get(i) + "' (code " + code + ")";
            }
            subscriptions.removed(filters.get(i));
        }
        changed.run();
        return complaint;
    }
}
