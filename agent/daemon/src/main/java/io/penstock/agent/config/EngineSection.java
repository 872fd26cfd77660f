package io.penstock.agent.config;

import java.time.Duration;

/**
 * {@code engine:}, the stream engine, which runs inside the agent when {@code kinesis.endpoint} is {@code embedded}.
 *
 * @param listen where its Kinesis API is
 * @param autoCreate whether a stream that the agent writes to is made on demand
 * @param maxStreams how many streams there may be; beyond it refused and counted
 * @param defaultShards shards of a stream made on demand
 * @param retention how long the streams that it makes keep a record: 24 hours to 365 days
 * @param durability when a put is answered
 * @param enforceLimits whether shards throttle as the service's do
 * @param tls what the port shows to clients that speak TLS
 * @param web which web pages and names may reach it
 * @param allowAnonymous whether other machines may call it without authentication
 */
public record EngineSection(
        ListenAddress listen,
        boolean autoCreate,
        int maxStreams,
        int defaultShards,
        Duration retention,
        EngineDurability durability,
        boolean enforceLimits,
        EngineTls tls,
        WebAccess web,
        boolean allowAnonymous) {
    static final ListenAddress LISTEN = new ListenAddress("127.0.0.1", 4567);

    static EngineSection read(Section section) {
        boolean anonymous = Listeners.anonymous(section);
        section.value("auth", "none", Values.only("none"));
        return new EngineSection(
                Listeners.one(section, LISTEN, anonymous),
                section.value("auto-create", true, Values.flag()),
                section.value("max-streams", 1000, Values.number(1, 100_000)),
                section.value("default-shards", 4, Values.number(1, 10_000)),
                section.value(
                        "retention", Duration.ofHours(24), Values.duration(Duration.ofHours(24), Duration.ofDays(365))),
                section.value("durability", EngineDurability.FSYNC, Values.choice(EngineDurability.values())),
                section.value("enforce-limits", false, Values.flag()),
                section.section("tls", EngineTls::read),
                WebAccess.read(section),
                anonymous);
    }
}
