package io.penstock.mqtt.internal.connection;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.SubscribePolicy;
import io.penstock.mqtt.internal.auth.TopicFilter;
import io.penstock.mqtt.internal.context.Reporter;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.internal.wire.Client;
import io.penstock.mqtt.internal.wire.Filters;
import io.penstock.mqtt.internal.wire.Outbox;
import java.util.HashSet;
import java.util.Set;

/**
 * Answers SUBSCRIBE and UNSUBSCRIBE of one client as the {@link SubscribePolicy} says; nothing is ever delivered. The
 * granted topic filters are remembered only so that UNSUBACK tells which of them existed: at most {@value #MOST} of a
 * connection, within the memory for clients. Of a filter that may be forgotten, UNSUBACK says that it existed.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Subscriptions extends Filters {
    private static final int MOST = 64;

    /** Heap of a remembered filter besides its text. */
    private static final int OVERHEAD = 100;

    private static final int FAILURE = 0x80;
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int FILTER_INVALID = 0x8F;
    private static final int DELETED = 0;
    private static final int NO_SUBSCRIPTION_EXISTED = 0x11;

    private final Client client;
    private final boolean accepts;
    private final Outbox outbox;
    private final Reporter reporter;
    private final Holding memory;
    private final Set<String> granted = new HashSet<>(4);
    private boolean forgetful;
    private int refused;

    /** @param resumed true if earlier connections of the session may have subscribed */
    Subscriptions(
            Client client, SubscribePolicy policy, boolean resumed, Outbox outbox, Reporter reporter, Holding memory) {
        this.client = client;
        this.accepts = policy == SubscribePolicy.ACCEPT;
        this.forgetful = resumed;
        this.outbox = outbox;
        this.reporter = reporter;
        this.memory = memory;
    }

    @Override
    protected int subscribed(String filter, int qos) {
        if (accepts && TopicFilter.isValid(filter, client.speaks5())) {
            remember(filter);
            return qos;
        }
        refused++;
        return !client.speaks5() ? FAILURE : accepts ? FILTER_INVALID : NOT_AUTHORIZED;
    }

    private void remember(String filter) {
        if (granted.contains(filter)) {
            return;
        }
        if (granted.size() < MOST && memory.tryAdd(OVERHEAD + 2L * filter.length())) {
            granted.add(filter);
        } else {
            forgetful = true;
        }
    }

    @Override
    protected int unsubscribed(String filter) {
        if (granted.remove(filter)) {
            memory.remove(OVERHEAD + 2L * filter.length());
            return DELETED;
        }
        return accepts && forgetful ? DELETED : NO_SUBSCRIPTION_EXISTED;
    }

    /** Answers the SUBSCRIBE whose filters have come. */
    void answerSubscribe(int packetId) {
        byte[] codes = takeCodes();
        int no = refused;
        refused = 0;
        reporter.subscribed(client, codes.length - no, no);
        outbox.suback(
                packetId,
                codes,
                no == 0
                        ? ""
                        : accepts
                                ? "a topic filter is not valid"
                                : "this server only takes publishes; it delivers to no subscriber");
    }

    /** Answers the UNSUBSCRIBE whose filters have come. */
    void answerUnsubscribe(int packetId) {
        outbox.unsuback(packetId, takeCodes());
    }

    /** The connection has ended. */
    void close() {
        granted.clear();
        memory.release();
    }
}
