package io.penstock.tools.demo.worker;

/**
 * The right to read a shard.
 *
 * @param after the sequence number of the last record that is counted; empty: none is
 */
public record Lease(String shard, String after) {}
