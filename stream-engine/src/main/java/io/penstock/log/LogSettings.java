package io.penstock.log;

/**
 * Bounds of one log.
 *
 * @param maxBytes disk that its segments may take together, prepared and recycled ones included
 * @param reserveBytes free space to leave on the file system in any case
 */
public record LogSettings(long maxBytes, long reserveBytes) {}
