package io.penstock.engine.stream;

/**
 * Limits of an engine, and the account for its messages.
 *
 * @param maxStreams streams in all
 * @param maxShards open shards in all
 * @param account twelve digits
 */
public record StreamLimits(int maxStreams, int maxShards, String account) {}
