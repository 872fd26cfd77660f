package io.penstock.engine.stream;

/**
 * Bounds of an engine, and the account that its messages name.
 *
 * @param maxStreams streams in all
 * @param maxShards open shards in all
 * @param account twelve digits
 */
public record StreamLimits(int maxStreams, int maxShards, String account) {}
