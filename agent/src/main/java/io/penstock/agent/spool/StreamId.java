package io.penstock.agent.spool;

/**
 * A stream at a target.
 *
 * @param target the name under {@code targets:}, or {@code default}
 * @param stream the stream's name there
 */
public record StreamId(String target, String stream) {}
