package io.penstock.mqtt.internal.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.bridge.BridgeFault;
import io.penstock.mqtt.bridge.BridgeSettings;
import io.penstock.mqtt.bridge.BridgeState;
import io.penstock.mqtt.bridge.BridgeState.Phase;
import io.penstock.mqtt.bridge.BridgeState.RefusedFilter;
import io.penstock.mqtt.bridge.BridgeUrl;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.Holding;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One session of a bridge with its broker: keeps a {@link BrokerConnection} up, one after the other, and what outlives
 * connections. All state belongs to one event loop, except what says otherwise.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class Link {
    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final String RETIRED = "this connection is no longer configured";

    /** A connection that lasted longer says nothing about why others end at once. */
    private static final long LONG = Duration.ofMinutes(1).toNanos();

    /** Memory of one unreleased identifier, and how many are not counted. */
    private static final int ID_BYTES = 64;

    private static final int FREE_IDS = 1024;
    private static final int LONGEST_CLIENT_ID = 0xFFFF;

    private final BridgeContext context;
    private final EventLoop loop;
    private final int index;
    private final String clientId;
    private final LinkSession session;
    private final Subscriptions subscriptions;
    private final FilterRetries filters;
    private final boolean adopted;
    private final Consumer<String> away;
    private final Dialler dialler;
    private final Tally tally = new Tally();
    private final Holding idMemory;
    private final Backoff backoff;
    private final Promise<Void> stopped;

    private BridgeSettings settings;
    private int urlIndex;
    private int failedInTurn;
    private boolean stopping;
    private boolean retiring;
    /** The session is over; of MQTT 3.1.1 the broker has yet to be told, by a connection with a clean session. */
    private boolean ended;

    private @Nullable BrokerConnection connection;
    private @Nullable Future<?> connectTimer;
    private long acknowledgedBefore;
    private long admittedNanos;
    private int closedLately;

    // What the state shows.
    private Phase phase = Phase.STOPPED;
    private @Nullable Instant since;
    private boolean present;
    private @Nullable BridgeFault fault;
    private volatile Shown shown;

    /** The state as other threads see it; ages are reckoned when it is read. */
    private record Shown(BridgeState.Connection state, long oldestNanos) {}

    /**
     * Does nothing before {@link #start}.
     *
     * @param away is told of clients of the group that are away, on the loop
     */
    public Link(BridgeContext context, BridgeSettings settings, int index, Consumer<String> away) {
        this(context, settings, index, settings.clientId(index), false, away);
    }

    /** For the session of another client of the group, until that client comes back. */
    public static Link adopting(
            String clientId, BridgeContext context, BridgeSettings settings, int index, Consumer<String> away) {
        return new Link(context, settings, index, clientId, true, away);
    }

    private Link(
            BridgeContext context,
            BridgeSettings settings,
            int index,
            String clientId,
            boolean adopted,
            Consumer<String> away) {
        this.context = context;
        this.settings = settings;
        this.index = index;
        this.clientId = clientId;
        this.adopted = adopted;
        this.away = away;
        this.loop = context.loops().next();
        this.session = new LinkSession(context.sessions(), clientId, loop);
        this.subscriptions = session.subscriptions();
        this.filters = new FilterRetries(subscriptions, loop, this::ask);
        this.dialler = new Dialler(this, context, loop);
        this.idMemory = context.memory().holding(ClientMemory.Use.STATE);
        this.backoff = new Backoff(context.random());
        this.stopped = loop.newPromise();
        want();
        shown = show();
    }

    private void want() {
        subscriptions.want(settings);
        session.ids().shared(settings.session().takeOver().isPresent());
    }

    /** Completes when all has ended. Any thread. */
    public Future<Void> stopped() {
        return stopped;
    }

    /** Connects. Any thread. */
    public void start() {
        loop.execute(() -> {
            session.restore();
            if (adopted) {
                context.reporter().takesOver(clientId);
            }
            connect();
        });
    }

    /** Ends the connection and keeps the session at the broker. Any thread; the future completes when all has ended. */
    public Future<Void> stop(Duration patience) {
        loop.execute(() -> stopNow("the bridge stops", patience));
        return stopped;
    }

    /**
     * Takes back all filters, takes what the broker still has, and ends the session at the broker: without a connection
     * once there is one, until {@link #stop}. Any thread; the future completes when all has ended.
     */
    public Future<Void> retire() {
        loop.execute(this::retireNow);
        return stopped;
    }

    /** Any thread. */
    public BridgeState.Connection state() {
        Shown now = shown;
        BridgeState.Connection state = now.state;
        return state.inFlight() == 0
                ? state
                : new BridgeState.Connection(
                        state.index(),
                        state.clientId(),
                        state.phase(),
                        state.url(),
                        state.since(),
                        state.sessionPresent(),
                        state.held(),
                        state.inFlight(),
                        Duration.ofNanos(Math.max(0, loop.ticker().nanoTime() - now.oldestNanos)),
                        state.counts(),
                        state.refused(),
                        state.fault());
    }

    /** Uses other settings with the same client identifier; keeps the connection if only filters differ. Any thread. */
    public void apply(BridgeSettings changed) {
        loop.execute(() -> applyNow(changed));
    }

    private void applyNow(BridgeSettings changed) {
        if (stopping || retiring) {
            return;
        }
        boolean sameConnection = Changes.keepConnection(settings, changed);
        boolean sameUrls = settings.urls().equals(changed.urls());
        settings = changed;
        want();
        filters.changed();
        if (!sameUrls) {
            urlIndex = 0;
        }
        if (sameConnection) {
            if (connection != null) {
                connection.apply(changed);
            }
        } else if (connection != null) {
            backoff.reset();
            connection.leave("the configuration has changed", DRAIN);
        } else if (connectTimer != null) {
            connectTimer.cancel(false);
            connect();
        }
        publish();
    }

    private void connect() {
        connectTimer = null;
        if (stopping) {
            return;
        }
        phase = Phase.CONNECTING;
        publish();
        dialler.dial(settings, url());
    }

    private BridgeUrl url() {
        return settings.urls().get(urlIndex % settings.urls().size());
    }

    BridgeSettings settings() {
        return settings;
    }

    /** False if what was prepared is of no use: the link stops, or prepares anew for changed settings. */
    boolean mayDial(BridgeSettings preparedFor) {
        if (stopping) {
            end();
            return false;
        }
        if (!Changes.keepConnection(preparedFor, settings)) {
            connect();
            return false;
        }
        return true;
    }

    /** The connection that is being made from now on; null: none. */
    void dialled(@Nullable BrokerConnection next) {
        connection = next;
    }

    /** The broker has accepted the connection. */
    void admitted(BrokerConnection admitted, boolean sessionPresent) {
        if (ended) {
            admitted.leave(RETIRED, Duration.ZERO);
            return;
        }
        phase = Phase.CONNECTED;
        since = Instant.now();
        admittedNanos = loop.ticker().nanoTime();
        present = sessionPresent;
        fault = null;
        failedInTurn = 0;
        tally.connects++;
        acknowledgedBefore = tally.acknowledged;
        if (adopted && !sessionPresent) {
            // The broker has nothing of that client any more.
            retiring = true;
            subscriptions.wantNothing();
        }
        if (!session.connected(settings, admitted.url().toString(), sessionPresent)) {
            unwritten();
        }
        context.reporter().connected(index, clientId, admitted.url(), sessionPresent);
        publish();
        if (retiring) {
            admitted.retire(RETIRED);
        }
    }

    private void unwritten() {
        context.reporter()
                .warn(
                        "unwritten",
                        "there is no room to write the session down; after a restart it asks for its filters anew, and"
                                + " a QoS 2 publish may come twice (remedy: make room on the disk)");
    }

    /** A connection, or the attempt at one, has ended. */
    void ended(BrokerConnection gone, BridgeFault why, boolean admitted) {
        assert OwnerCheck.isOn(loop);
        if (connection != gone) {
            return;
        }
        connection = null;
        if (admitted && loop.ticker().nanoTime() - admittedNanos > LONG) {
            closedLately = 0;
        }
        since = null;
        boolean wanted = gone.isLeaving();
        if (ended) {
            end();
            return;
        }
        if (admitted) {
            session.disconnected();
            if (adopted && !wanted) {
                // Its client is back: mosquitto 2.0.11 does not say so. If not, the group hears of it again.
                context.reporter().givenBack(index, clientId, why);
                end();
                return;
            }
            context.reporter().disconnected(index, gone.url(), why, wanted);
        } else if (!stopping && !wanted) {
            failed(why);
            return;
        }
        if (stopping) {
            end();
            return;
        }
        if (gone.hasRetired()) {
            endSession();
            return;
        }
        if (wanted) {
            again(Duration.ZERO);
            return;
        }
        fault = why;
        if (tally.acknowledged > acknowledgedBefore && why.kind() != BridgeFault.Kind.TAKEN_OVER) {
            backoff.reset();
        }
        again(backoff.next(settings.retry()));
    }

    /** Connects no more, with a session that is over at the broker too. */
    private void endSession() {
        ended = true;
        session.drop();
        if (settings.version() == ProtocolVersion.MQTT_5) {
            end();
            return;
        }
        settings = settings.withoutSession();
        dialler.dial(settings, url());
    }

    void failed(BridgeFault why) {
        if (stopping || ended) {
            end();
            return;
        }
        fault = why;
        context.reporter().failed(index, url(), why);
        urlIndex = (urlIndex + 1) % settings.urls().size();
        failedInTurn++;
        // All URLs are tried before the first pause.
        boolean tried = failedInTurn % settings.urls().size() == 0;
        again(tried ? backoff.next(settings.retry()) : Duration.ZERO);
    }

    private void again(Duration pause) {
        phase = Phase.WAITING;
        publish();
        connectTimer = loop.schedule(this::connect, pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void retireNow() {
        if (stopping || retiring) {
            return;
        }
        retiring = true;
        subscriptions.wantNothing();
        if (connection != null && connection.isOpen()) {
            connection.retire(RETIRED);
        }
    }

    private void stopNow(String why, Duration patience) {
        if (stopping) {
            return;
        }
        stopping = true;
        if (connectTimer != null) {
            connectTimer.cancel(false);
        }
        if (connection == null) {
            // A connect that is being prepared ends when it sees that the link stops.
            end();
        } else {
            connection.leave(why, patience);
        }
    }

    private void end() {
        if (!stopped.trySuccess(null)) {
            return;
        }
        stopping = true;
        if (adopted) {
            session.drop();
        } else {
            session.leave();
        }
        filters.stop();
        phase = Phase.STOPPED;
        publish();
        idMemory.release();
    }

    /** A client of the group is away; the payload is its identifier, or anything else. */
    void away(ByteBuf payload) {
        if (payload.readableBytes() <= LONGEST_CLIENT_ID) {
            away.accept(payload.toString(StandardCharsets.UTF_8));
        }
    }

    /** True if the connection goes on with the session of an earlier one. */
    boolean isResumed() {
        return present;
    }

    LinkSession session() {
        return session;
    }

    Tally tally() {
        return tally;
    }

    String clientId() {
        return clientId;
    }

    /** How often the broker has lately closed the connection without a reason. */
    int closedLately() {
        return closedLately;
    }

    /** The broker closed the connection while these filters were asked for. */
    void closedByBroker(List<Subscriptions.Entry> asked) {
        closedLately++;
        if (!asked.isEmpty() && subscriptions.struck(asked)) {
            RefusedFilter filter = new RefusedFilter(
                    asked.get(0).filter(), 0x80, "the broker closes the connection when it is asked for this filter");
            subscriptions.objected(filter);
            filterRefused(filter);
        }
    }

    void filterRefused(RefusedFilter filter) {
        context.reporter().filterRefused(index, filter);
        filters.objected(filter, settings.retry().filters());
    }

    private void ask() {
        if (connection != null && connection.isOpen()) {
            connection.subscribe();
        }
    }

    /** The broker's filters have changed. */
    void subscriptionsChanged() {
        if (!session.write()) {
            unwritten();
        }
        filters.changed();
    }

    /** The connection stands, but something keeps it from working. */
    void trouble(BridgeFault why) {
        fault = why;
        publish();
    }

    void relieved(BridgeFault.Kind kind) {
        if (fault != null && fault.kind() == kind) {
            fault = null;
        }
    }

    /** Shows the state to other threads. */
    void publish() {
        idMemory.is((long) ID_BYTES * Math.max(0, session.ids().size() - FREE_IDS));
        shown = show();
    }

    private Shown show() {
        BrokerConnection open = connection;
        Deliveries deliveries = open == null || phase != Phase.CONNECTED ? null : open.deliveries();
        BridgeState.Connection state = new BridgeState.Connection(
                index,
                clientId,
                phase,
                url(),
                Optional.ofNullable(since),
                present && deliveries != null,
                deliveries != null && deliveries.isHeld(),
                deliveries == null ? 0 : deliveries.inFlight(),
                Duration.ZERO,
                tally.counts(),
                filters.refused(),
                Optional.ofNullable(fault));
        return new Shown(state, deliveries == null ? 0 : deliveries.oldest(0));
    }
}
