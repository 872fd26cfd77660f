package io.penstock.delivery.spool;

/**
 * One spool at a glance.
 *
 * @param state open, or why it is not
 * @param records records that are not settled yet
 * @param bytes disk taken
 * @param dropped records given up because the spool was full
 * @param damaged records that could not be read back
 * @param damage where they were and what to do, in words; empty when nothing is damaged
 * @param refusals appends that had to wait
 */
public record SpoolStatus(
        StreamId stream,
        String state,
        long records,
        long bytes,
        long dropped,
        long damaged,
        String damage,
        long refusals) {}
