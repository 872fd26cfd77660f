package io.penstock.mqtt.internal.bridge;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.bridge.BridgeSessions;
import io.penstock.mqtt.bridge.BridgeSettings;
import io.penstock.mqtt.session.KeptSession;
import io.penstock.mqtt.session.SessionStore;
import io.penstock.mqtt.session.SessionStore.Recovered;
import io.penstock.mqtt.session.SessionStore.RecoveredId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one session of a bridge remembers over connections and, with a store, over restarts: the identifiers of QoS 2
 * publishes, and the filters that the broker has.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class LinkSession implements SessionStore.Content {
    private static final int FORMAT = 1;

    private final BridgeSessions sessions;
    private final String clientId;
    private final EventExecutor loop;
    private final ReceivedIds ids = new ReceivedIds();
    private final Subscriptions subscriptions = new Subscriptions();
    private @Nullable KeptSession kept;
    private String url = "";
    private long expirySeconds;

    LinkSession(BridgeSessions sessions, String clientId, EventExecutor loop) {
        this.sessions = sessions;
        this.clientId = clientId;
        this.loop = loop;
    }

    /** Takes up what an earlier run, or an earlier bridge with this identifier, has left. */
    void restore() {
        Optional<Recovered> left = sessions.take(clientId);
        if (left.isEmpty()) {
            return;
        }
        Recovered found = left.get();
        expirySeconds = found.expirySeconds();
        recall(found.details());
        for (RecoveredId id : found.unreleased()) {
            ids.recall(id.packetId(), id.where(), id.offset());
        }
        found.session().adopt(loop, this);
        kept = found.session();
    }

    ReceivedIds ids() {
        return ids;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    /** Null without a store. */
    @Nullable
    KeptSession kept() {
        return kept;
    }

    /**
     * The broker has accepted a connection.
     *
     * @param present true if it has kept the session
     * @return false if there is no room to write the session down
     */
    boolean connected(BridgeSettings settings, String brokerUrl, boolean present) {
        if (!present) {
            ids.clear();
            drop();
        }
        if (!present || !brokerUrl.equals(url)) {
            subscriptions.lost();
        }
        url = brokerUrl;
        expirySeconds = settings.session().expiry().toSeconds();
        if (kept == null && expirySeconds > 0 && sessions.areKept()) {
            kept = sessions.begin(clientId, loop, this).orElse(null);
        }
        return write() && (kept != null || expirySeconds == 0 || !sessions.areKept());
    }

    /** The broker's filters have changed. Returns false if there is no room to write that down. */
    boolean write() {
        return kept == null || kept.connected(expirySeconds, details()) >= 0;
    }

    void disconnected() {
        if (kept != null) {
            kept.disconnected(expirySeconds, true);
        }
    }

    /** Forgets what is stored: the session is over. */
    void drop() {
        if (kept != null) {
            kept.drop();
            kept = null;
        }
    }

    /** The bridge stops, and another one may take the session up. */
    void leave() {
        KeptSession left = kept;
        if (left == null) {
            return;
        }
        List<RecoveredId> open = new ArrayList<>();
        unreleased((packetId, where, offset) -> open.add(new RecoveredId(packetId, where, offset)));
        byte[] details = details();
        kept = null;
        left.handOn();
        sessions.keep(new Recovered(clientId, left, expirySeconds, Duration.ZERO, details, open));
    }

    @Override
    public byte[] details() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeUTF(url);
            out.writeShort(subscriptions.present().size());
            for (Map.Entry<String, Integer> each : subscriptions.present().entrySet()) {
                out.writeUTF(each.getKey());
                out.writeByte(each.getValue());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** Details that cannot be read say nothing: the filters are then asked for anew. */
    private void recall(byte[] details) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(details))) {
            if (in.readByte() != FORMAT) {
                return;
            }
            url = in.readUTF();
            for (int left = in.readUnsignedShort(); left > 0; left--) {
                subscriptions.remember(in.readUTF(), in.readByte());
            }
        } catch (IOException cut) {
            url = "";
        }
    }

    @Override
    public void unreleased(SessionStore.IdVisitor visitor) {
        ids.visit((packetId, where, offset) ->
                visitor.id(packetId, where.end() > offset ? Watermark.IMMEDIATE : where, offset));
    }
}
