package io.penstock.mqtt.internal.bridge;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.bridge.BridgeSettings;
import io.penstock.mqtt.bridge.BridgeState.RefusedFilter;
import io.penstock.mqtt.bridge.BridgeTopic;
import io.penstock.mqtt.bridge.BridgeTopic.Retained;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The filters of one session: those that the configuration wants, those that the broker has, and those that the broker
 * refused. Filters are as sent, with {@code $share}.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Subscriptions {
    /** How often the broker may close the connection over a filter before the filter counts as refused. */
    private static final int STRIKES = 3;

    /** In place of a QoS: an UNSUBSCRIBE was sent, so the broker may have the filter or not. */
    private static final int UNCERTAIN = -1;

    /** A filter with its options. */
    record Entry(String filter, int qos, Retained retained) {
        /** The subscription options of MQTT 5 section 3.8.3.1; before MQTT 5 the QoS alone. */
        int options(boolean five) {
            // Retain handling 1: only for a new subscription. 2: none. Not on shared ones, which have no retained ones.
            int retainHandling = retained == Retained.SKIP ? 2 : 1;
            return five ? retainHandling << 4 | qos : qos;
        }
    }

    private final Map<String, Entry> wanted = new LinkedHashMap<>();
    private final Map<String, Integer> present = new LinkedHashMap<>();
    private final Map<String, RefusedFilter> refused = new LinkedHashMap<>();
    private final Map<String, Integer> strikes = new HashMap<>();

    /** Sets what the configuration wants. */
    void want(BridgeSettings settings) {
        wanted.clear();
        for (BridgeTopic topic : settings.topics()) {
            String filter = settings.wireFilter(topic);
            wanted.put(filter, new Entry(filter, topic.qos(), topic.retained()));
        }
        settings.awayTopic().ifPresent(topic -> wanted.put(topic, new Entry(topic, 1, Retained.SKIP)));
        refused.keySet().retainAll(wanted.keySet());
        strikes.keySet().retainAll(wanted.keySet());
    }

    /** From now on nothing is wanted. */
    void wantNothing() {
        wanted.clear();
        refused.clear();
    }

    /** The broker has none, or it is unknown which. */
    void lost() {
        present.clear();
        refused.keySet().removeIf(filter -> strikes.getOrDefault(filter, 0) < STRIKES);
    }

    /** A filter that an earlier process subscribed to. */
    void remember(String filter, int qos) {
        present.put(filter, qos);
    }

    /** What the broker has, with the QoS that was asked for. */
    Map<String, Integer> present() {
        return present;
    }

    /** What is wanted and neither there nor refused, at most {@code most}. */
    List<Entry> missing(int most) {
        List<Entry> missing = new ArrayList<>();
        for (Entry entry : wanted.values()) {
            Integer has = present.get(entry.filter);
            boolean asked = has != null && has == entry.qos || isRefused(entry.filter);
            if (!asked && missing.size() < most) {
                missing.add(entry);
            }
        }
        return missing;
    }

    private boolean isRefused(String filter) {
        RefusedFilter known = refused.get(filter);
        return known != null && known.isRefused();
    }

    /** What the broker has and is not wanted, at most {@code most}. */
    List<String> surplus(int most) {
        return present.keySet().stream()
                .filter(filter -> !wanted.containsKey(filter))
                .limit(most)
                .toList();
    }

    void granted(Entry entry) {
        present.put(entry.filter, entry.qos);
        refused.remove(entry.filter);
        strikes.remove(entry.filter);
    }

    /** The broker refused a filter, or granted less: then {@link #granted} was called before. */
    void objected(RefusedFilter filter) {
        if (filter.isRefused()) {
            present.remove(filter.filter());
        }
        refused.put(filter.filter(), filter);
    }

    /** An UNSUBSCRIBE was sent. If its answer is lost, a filter that is wanted again has to be asked for. */
    void takingBack(List<String> filters) {
        filters.forEach(filter -> present.replace(filter, UNCERTAIN));
    }

    void removed(String filter) {
        present.remove(filter);
    }

    /**
     * The broker closed the connection instead of answering for these filters. Returns true if it is one filter, and so
     * often that the filter counts as refused.
     */
    boolean struck(List<Entry> asked) {
        for (Entry entry : asked) {
            strikes.merge(entry.filter, 1, Integer::sum);
        }
        return asked.size() == 1 && strikes.getOrDefault(asked.get(0).filter, 0) >= STRIKES;
    }

    /** True if a filter may be the reason why the broker closed the connection: filters are then asked one by one. */
    boolean isSuspicious() {
        return !strikes.isEmpty();
    }

    /** True if a filter is refused. */
    boolean anyRefused() {
        return refused.values().stream().anyMatch(RefusedFilter::isRefused);
    }

    /** Refused filters are to be asked for again. */
    void forgive() {
        refused.values().removeIf(RefusedFilter::isRefused);
        strikes.clear();
    }

    Collection<RefusedFilter> refused() {
        return refused.values();
    }
}
