package io.penstock.mqtt.internal.bridge;

import io.netty.channel.EventLoopGroup;
import io.penstock.mqtt.bridge.BridgeHandler;
import io.penstock.mqtt.bridge.BridgeSessions;
import io.penstock.mqtt.internal.limits.ClientMemory;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;

/**
 * What all connections of one bridge share. Each component is thread-safe.
 *
 * @param blocking runs what blocks: resolving names and reading files
 * @param random from 0 to below 1, for pauses
 */
public record BridgeContext(
        BridgeHandler handler,
        BridgeReporter reporter,
        BridgeSessions sessions,
        ClientMemory memory,
        EventLoopGroup loops,
        Executor blocking,
        DoubleSupplier random) {}
