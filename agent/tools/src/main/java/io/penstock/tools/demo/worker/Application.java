package io.penstock.tools.demo.worker;

import io.penstock.tools.demo.table.CountTable;

/** An application that reads the stream: what it has counted, and which of its workers reads which shard. */
public record Application(String name, CountTable table, LeaseTable leases) {}
